"""The bench measures on these: always the same, and shaped like a tracker's."""

from statistics import median

import pytest

from intake.matching.records import Document
from intake.matching.terms import read_words
from tests.synthetic_issues import Issues, write_submissions


@pytest.fixture(scope="module")
def issues() -> list[Document]:
    return list(Issues(2_000))


def test_they_are_always_the_same(issues: list[Document]) -> None:
    assert list(Issues(2_000)) == issues
    assert next(iter(Issues(2_000, seed=1))) != issues[0]
    assert write_submissions(issues, 3) == write_submissions(issues, 3)


def test_they_are_shaped_like_a_trackers(issues: list[Document]) -> None:
    """A public tracker of 16,704: median 72 words in 443 characters, 56 % of the words new."""
    assert 200 < median(len(one.body) for one in issues) < 600
    assert 20 < median(len(one.title) for one in issues) < 80
    assert 0.02 < sum(not one.body for one in issues) / len(issues) < 0.1
    words = [read_words(one.body) for one in issues]
    terms = [one.terms.split() for one in words if one.terms]
    assert 0.4 < median(len(set(row)) / len(row) for row in terms) < 0.95
    assert 1 < sum(len(one.names) for one in words) / len(words) < 12


def test_submissions_say_something_of_an_issue(issues: list[Document]) -> None:
    for one in write_submissions(issues, 5):
        assert one.title
        assert 30 < len(one.body.split()) < 150
        assert one.body.endswith(".")
