"""The duplicate finder over this host's index, opened once in each process, when first needed."""

from functools import cache

from django.conf import settings

from intake.matching.finder import Finder
from intake.matching.index import IndexReader


@cache
def get_finder() -> Finder:
    """Opens nothing yet: the first search does, after any fork; raises IndexUnavailable then."""
    return Finder(IndexReader(settings.INDEX_DIR))
