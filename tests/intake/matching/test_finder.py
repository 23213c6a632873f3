from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.matching.finder import Finder
from intake.matching.index import IndexReader, IndexWriter
from intake.matching.records import Match, Query, Verdict
from intake.matching.siblings import is_generic
from tests.intake.matching.conftest import REQUESTS, make_document

Find = Callable[..., list[int]]
TEXT = st.text(max_size=80)


def test_a_request_in_other_words_is_found(find_keys: Find) -> None:
    assert find_keys("Different approvals for some paths", "legal files need legal")[0] == 1


def test_a_compound_name_is_found_by_its_parts(find_keys: Find) -> None:
    assert find_keys("cannot set a button visible")[0] == 4


def test_another_script_is_found(find_keys: Find) -> None:
    assert find_keys("承認ルール")[0] == 8


@pytest.mark.parametrize("key", REQUESTS)
def test_an_identical_request_is_first_and_certain(finder: Finder, key: int) -> None:
    title, body = REQUESTS[key]
    best, *others = finder.find(Query(f" {title.upper()}", f"{body}\n\n"))
    assert (best.key, best.score, best.verdict) == (key, 1.0, Verdict.CERTAIN)
    assert best.reasons == ("same title and text",)
    assert all(match.verdict is not Verdict.CERTAIN for match in others)


def test_one_word_of_difference_is_not_certain(finder: Finder) -> None:
    best = finder.find(Query("Dark theme for the wiki reader", REQUESTS[2][1]))[0]
    assert (best.key, best.verdict) == (2, Verdict.LIKELY)


def test_a_wish_nobody_had_is_never_certain(finder: Finder) -> None:
    """In a handful of issues every word looks rare, so one that shares "for" may look likely."""
    matches = finder.find(Query("Pay invoices for the team by bank transfer", "We have no cards."))
    assert Verdict.CERTAIN not in {match.verdict for match in matches}


def test_scores_fall_and_lie_between_0_and_1(finder: Finder) -> None:
    scores = [match.score for match in finder.find(Query("the file and the tokens on a page"))]
    assert len(scores) > 2
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score < 1 for score in scores)


def test_reasons_name_what_is_shared(finder: Finder) -> None:
    best = finder.find(Query("approval by file path", "We call setVisible in vain"))
    reasons = {match.key: match.reasons for match in best}
    assert reasons[1] == ("same words in the title: approval, file, path", "filed in January 2026")
    assert reasons[4] == ("same identifiers: `setVisible`", "filed in January 2026")


def test_reasons_quote_only_the_query(finder: Finder) -> None:
    query = Query("SETVISIBLE parents", "hidden")
    words = " ".join(reason for match in finder.find(query) for reason in match.reasons)
    assert "ignores" not in words


def test_what_customers_may_not_see_is_left_out(directory: Path, find_keys: Find) -> None:
    title, body = "Approval rules for one customer", "Only for them."
    with IndexWriter(directory) as writer:
        writer.apply([make_document(9, title, body, is_public=False)], [], "more")
    assert find_keys(title, body)[0] == 9
    assert 9 not in find_keys(title, body, public_only=True)
    assert find_keys(title, body, public_only=True)[0] == 1


def test_the_limit_holds(finder: Finder) -> None:
    assert len(finder.find(Query("the file and the tokens on a page"), limit=2)) == 2


def test_several_identical_requests_are_all_certain_and_the_oldest_leads(directory: Path) -> None:
    with IndexWriter(directory) as writer:
        writer.apply([make_document(90, *REQUESTS[5]), make_document(70, *REQUESTS[5])], [], "x")
    matches = Finder(IndexReader(directory)).find(Query(*REQUESTS[5]))
    assert [match.key for match in matches if match.verdict is Verdict.CERTAIN] == [5, 70, 90]


@pytest.mark.parametrize("title", ["", " \x00\n", "???", "zzyzx"])
def test_a_query_that_says_nothing_finds_nothing(finder: Finder, title: str) -> None:
    assert finder.find(Query(title)) == []


HOSTILE = [
    "title:(approval AND",
    '"unbalanced^5 ~* [a TO',
    "\ud800 lone surrogate",
    "a" * 100_000,
    "ab " * 60_000,
    "\x00" * 5_000,
    "</script><img src=x onerror=alert(1)>",
    "e\u0301" * 30_000,
    "((((" * 20_000,
    "1:1:1::" * 20_000,
    "x.y" * 40_000,
    "\U000e0041\u202e" * 2_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_text(directory: Path, text: str) -> None:
    body = f"our words {text}"
    with IndexWriter(directory) as writer:
        writer.apply([make_document(666, "approval " + text, body)], [], "hostile")
    finder = Finder(IndexReader(directory))
    best = finder.find(Query("approval " + text, body))[0]
    assert (best.key, best.score) == (666, 1.0)
    assert (best.verdict is Verdict.CERTAIN) != is_generic("approval " + text, body)
    assert 1 in [match.key for match in finder.find(Query("approval rules", text))]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=6), st.data())
def test_whatever_was_written_is_found_again(
    texts: list[tuple[str, str]], data: st.DataObject
) -> None:
    chosen = data.draw(st.sampled_from(texts))
    with TemporaryDirectory() as place:
        matches = _find_among(Path(place), texts, Query(*chosen))
    if all(any(char.isalnum() for char in part) for part in chosen):
        assert matches[0].score == 1.0
        assert (matches[0].verdict is Verdict.CERTAIN) != is_generic(*chosen)
        assert texts[matches[0].key] == chosen or len(set(texts)) > 1


def _find_among(place: Path, texts: list[tuple[str, str]], query: Query) -> list[Match]:
    with IndexWriter(place) as writer:
        writer.rebuild([make_document(key, *text) for key, text in enumerate(texts)], "")
    return Finder(IndexReader(place)).find(query)


def test_what_says_nothing_is_never_certain(directory: Path) -> None:
    generic = ("Feature request", "Please see the title.")
    with IndexWriter(directory) as writer:
        writer.apply([make_document(77, *generic)], [], "x")
    best = Finder(IndexReader(directory)).find(Query(*generic))[0]
    assert (best.key, best.score, best.verdict) == (77, 1.0, Verdict.LIKELY)
