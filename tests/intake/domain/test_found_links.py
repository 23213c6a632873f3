"""Links that people left: what one text says, and what all of them together ask."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.domain.found_links import Found, find_points, read_text, weigh

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
HOST = "larkfield.my.salesforce.com"
ACCOUNT, OTHER, DEAL = "001D000000IqhSLIAZ", "001Lf000008FMPcIAO", "006D000000IqhSLIAZ"


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ('~"customer priority::7"', 7),
        ("~customer priority::3 said dana", 3),
        ('Priority: ~"Customer Priority:: 4"', 4),
        ('~"customer priority::2" and later ~"customer priority::9"', 2),
        ('~"customer priority::0"', 1),
        ('~"customer priority::99"', 10),
        ('~"customer priority::"', None),
        ('~"customer-priority-score::1"', None),
        ("no label", None),
    ],
)
def test_the_first_priority_of_a_text_counts(text: str, points: int | None) -> None:
    assert find_points(text) == points


def test_a_text_names_each_account_and_opportunity_once() -> None:
    text = (
        f"For https://{HOST}/{ACCOUNT} and https://{HOST}/{ACCOUNT[:15]} again, a deal "
        f"https://{HOST}/{DEAL}, a contact https://{HOST}/003D000000QYVPzIAP, "
        f'another site https://evil.my.salesforce.com/{OTHER} ~"customer priority::8"'
    )
    found = read_text(text, hosts=[HOST])
    assert [link.id18 for link in found.links] == [ACCOUNT, DEAL]
    assert found.points == 8


def test_a_priority_without_a_link_is_not_ours() -> None:
    assert read_text('~"customer priority::8"', hosts=[HOST]).points is None


def found(account: int = 1, **fields: Any) -> Found:
    values: dict[str, Any] = {
        "opportunity": None, "is_won": False, "note_id": 5, "is_internal": False, "is_here": True,
        "points": None, "updated_at": NOW,
    }  # fmt: skip
    return Found(account, **values | fields)


def test_a_comment_beats_the_description_and_the_later_comment_the_earlier() -> None:
    description = found(note_id=None, points=10, updated_at=NOW + timedelta(days=9))
    early = found(note_id=7, points=2)
    late = found(note_id=6, points=4, updated_at=NOW + timedelta(days=1))
    assert weigh([description, early])[1].points == 2
    assert weigh([description, early, late])[1].points == 4
    assert weigh([late, early, description])[1].place == late


def test_the_later_comment_takes_a_priority_back() -> None:
    first, second = found(points=9), found(note_id=6, updated_at=NOW + timedelta(days=1))
    assert weigh([first, second])[1].points is None


def test_an_account_and_its_opportunities_are_asked_for_apart() -> None:
    standing = weigh(
        [
            found(points=None, note_id=1),
            found(opportunity=8, points=3, note_id=2),
            found(opportunity=9, points=6, note_id=3),
        ]
    )[1]
    assert [(ask.opportunity, ask.points) for ask in standing.asks] == [
        (None, None),
        (8, 3),
        (9, 6),
    ]
    assert standing.points == 6  # the account's own link says nothing
    assert standing.place is not None
    assert standing.place.note_id == 1


def test_a_link_elsewhere_counts_but_does_not_show_here() -> None:
    standing = weigh([found(is_here=False, points=5)])[1]
    assert (standing.points, standing.place) == (5, None)


FOUND = st.builds(
    found,
    account=st.integers(1, 3),
    opportunity=st.none() | st.integers(1, 2),
    note_id=st.none() | st.integers(1, 9),
    is_here=st.booleans(),
    points=st.none() | st.integers(1, 10),
    updated_at=st.sampled_from([NOW, NOW + timedelta(days=1)]),
)


@given(st.lists(FOUND, max_size=10, unique_by=lambda one: (one.note_id, one.opportunity)))
def test_the_order_of_links_does_not_matter(links: list[Found]) -> None:
    told = weigh(links)
    assert weigh(reversed(links)) == told
    assert set(told) == {link.account for link in links}
    for standing in told.values():
        keys = [ask.opportunity for ask in standing.asks]
        assert len(keys) == len(set(keys)) > 0
