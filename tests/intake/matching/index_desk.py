"""What the tests of the index share."""

import os
from collections.abc import Callable

from intake.matching.finder import Finder
from intake.matching.index import IndexReader
from intake.matching.records import Document, Query
from tests.intake.matching.conftest import make_document

NEW = make_document(20, "Group milestones in the calendar", "Our plans span projects.")


def find(reader: IndexReader, document: Document = NEW) -> list[int]:
    return [m.key for m in Finder(reader).find(Query(document.title, document.body))]


def run_in_child(act: Callable[[], None]) -> int:
    """Exit status of `act` in a forked process: 0 if it returned."""
    return wait_for(start_child(act))


def start_child(act: Callable[[], None]) -> int:
    """The process in which `act` now runs."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            act()
            status = 0
        finally:
            os._exit(status)
    return child


def wait_for(child: int) -> int:
    """Its exit status: 0 if it returned."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
