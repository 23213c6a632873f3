"""Several people at once."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connection

from intake.actions.refusals import Refusal

Together = Callable[[Sequence[Callable[[], Any]]], list[Any]]


@pytest.fixture
def together(transactional_db: None) -> Together:
    """Runs acts at the same moment, each on a connection of its own; results or refusals.

    A database in memory has one lock for everybody and refuses instead of waiting.
    """
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("needs a database that several connections share")

    def run(acts: Sequence[Callable[[], Any]]) -> list[Any]:
        barrier = threading.Barrier(len(acts))
        results: list[Any] = []

        def act_at_once(act: Callable[[], Any]) -> None:
            try:
                barrier.wait(10)
                results.append(act())
            except Refusal as refusal:
                results.append(refusal)
            finally:
                connection.close()

        threads = [threading.Thread(target=act_at_once, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        return results

    return run
