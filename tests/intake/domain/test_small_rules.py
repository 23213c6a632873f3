"""Counts, demand, cells of an export, the next step, the product file."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.domain.bucket import bucket_count
from intake.domain.csv_cell import escape_cell
from intake.domain.demand import Ask, count_demand
from intake.domain.issue_text import marker_line, write_issue
from intake.domain.link_note import LinkFacts, Wish, render_full_note, render_link_only
from intake.domain.next_step import Outlook, tell_next
from intake.domain.product import read_product
from intake.domain.retry import LONGEST_WAIT, wait_before_retry
from intake.domain.vocabulary import DemandKind, Intent, PublicState

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@given(st.integers(-5, 10_000))
def test_a_count_is_never_told_exactly_nor_too_high_nor_below_five(count: int) -> None:
    told = bucket_count(count)
    if count < 5:
        assert told == ""
    else:
        assert told.endswith("+")
        assert 5 <= int(told[:-1]) <= count


ASKS = st.builds(
    Ask,
    intent=st.sampled_from(list(Intent)),
    points=st.integers(1, 10),
    opportunity=st.none() | st.integers(1, 3),
    is_won=st.booleans(),
)


@given(st.lists(ASKS, max_size=12))
def test_demand_is_one_retention_row_and_one_row_an_opportunity(asks: list[Ask]) -> None:
    rows = count_demand(asks)
    keys = [(row.kind, row.opportunity) for row in rows]
    assert len(keys) == len(set(keys))
    assert sum(row.kind == DemandKind.RETENTION for row in rows) <= 1
    assert all(row.opportunity is None for row in rows if row.kind == DemandKind.RETENTION)
    assert bool(rows) == bool(asks)
    assert max((row.points for row in rows), default=0) == max((a.points for a in asks), default=0)
    assert rows == count_demand(reversed(asks))


@given(st.lists(ASKS, max_size=8), ASKS)
def test_one_more_request_never_lowers_a_row(asks: list[Ask], another: Ask) -> None:
    after = {(row.kind, row.opportunity): row.points for row in count_demand([*asks, another])}
    for row in count_demand(asks):
        assert after[row.kind, row.opportunity] >= row.points


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_no_cell_starts_a_formula(start: str) -> None:
    assert escape_cell(f"{start}1+1").startswith("'")
    assert escape_cell(f"1{start}") == f"1{start}"


@given(st.integers(1, 10_000))
def test_waits_grow_to_a_limit(failures: int) -> None:
    wait = wait_before_retry(failures)
    assert wait <= wait_before_retry(failures + 1) <= LONGEST_WAIT
    assert wait >= timedelta(seconds=5)


@pytest.mark.parametrize("state", list(PublicState))
@pytest.mark.parametrize("is_answered", [True, False])
@pytest.mark.parametrize("days", [-3, 3])
def test_the_next_step_is_never_a_promise_for_yesterday(
    state: str, is_answered: bool, days: int
) -> None:
    moment = NOW + timedelta(days=days)
    words = tell_next(Outlook(state, is_answered, moment, moment.date()), now=NOW)
    assert words.endswith(".")
    if days < 0:
        assert "2026" not in words
        assert "21 November" not in words


def test_the_next_step_names_the_day() -> None:
    under_review = Outlook(PublicState.UNDER_REVIEW, False, NOW + timedelta(days=1), None)
    assert tell_next(under_review, now=NOW) == (
        "a person answers by Wednesday 25 November, 10:00 (UTC)."
    )
    joined = Outlook(PublicState.JOINED, True, NOW, date(2027, 2, 22))
    assert "by 22 February 2027" in tell_next(joined, now=NOW)


WISH = Wish("R-7KQ2MD", "/close @all", "~bug\n/label", "", "[x](y)")


def test_a_note_holds_the_link_the_priority_and_disarmed_words() -> None:
    facts = LinkFacts("https://acme.my.salesforce.com/001", 7, None, "@pat\n/close", [WISH])
    assert render_link_only(facts).splitlines() == [
        "- Link to request: https://acme.my.salesforce.com/001",
        '- Priority: ~"customer priority::7"',
    ]
    note = render_full_note(facts)
    assert "~customer is interested" in note
    assert "@\u2060pat /close" in note
    assert not any(line.startswith("/") for line in note.splitlines())
    assert note.count("@\u2060all") == 1


def test_a_new_issue_runs_nothing_and_always_has_a_title() -> None:
    text = write_issue(WISH, users="Not said.", group_label="group::x", marker="abc")
    assert text.title == "close @\u2060all"
    assert not any(line.startswith("/") for line in text.description.splitlines())
    assert text.description.rstrip().endswith(marker_line("abc"))
    assert text.labels == ("type::feature", "customer", "group::x")
    slashes = Wish("R-7KQ2MD", "//////////", "x", "", "")
    assert write_issue(slashes, users="", group_label="", marker="m").title == "Request R-7KQ2MD"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("areas:\n  - one", "areas must map"),
        ("{", "not YAML, line"),
        ("areas: {}", "has no areas"),
        ("- x", "has no areas"),
        ("areas: {x: text}", "x: this is not an entry"),
        ("areas: {x: {title: X, group_label: g}}", "product_manager is missing"),
        ("areas: {x: {title: X, group_label: g, product_manager: p}}\nfeatures: {f: {area: y}}",
         "'y' is not an area"),
        (("areas: {x: {title: X, group_label: g, product_manager: p}}\n"
          "features: {f: {area: x, maturity: ga, title: F, use_cases: one}}"),
         "use_cases is a list"),
    ],
)  # fmt: skip
def test_a_wrong_product_file_is_named_by_its_entry(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "product.yaml"
    path.write_text(text)
    with pytest.raises(ValueError, match=words) as caught:
        read_product(path)
    assert "\n" not in str(caught.value)
