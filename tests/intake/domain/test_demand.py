"""What several asks of one account come to, and what a number of points is worth elsewhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.domain.demand import (
    Ask,
    DemandRow,
    count_demand,
    decide_points,
    grade_severity,
    reach_row,
    read_crosswalk_table,
)
from intake.domain.vocabulary import DEFAULT_CROSSWALK, DemandKind, Urgency


def test_each_figure_is_the_highest_of_its_kind() -> None:
    rows = count_demand(
        [
            Ask("retain", 10, None, False, value=1, pilot_urgency=3, severity="P2"),
            Ask("both", 4, 8, False, value=3, pilot_urgency=1, severity="P0"),
        ]
    )
    assert rows == [
        DemandRow(DemandKind.GROWTH, 8, 4, 3, 1, "P0"),
        DemandRow(DemandKind.RETENTION, None, 10, 3, 3, "P0"),
    ]


@pytest.mark.parametrize(
    ("override", "hand_set", "points"), [(9, 2, 9), (None, 2, 2), (None, None, 4), (1, None, 1)]
)
def test_the_override_wins_then_the_label_then_the_answer(
    override: int | None, hand_set: int | None, points: int
) -> None:
    assert decide_points(override=override, hand_set=hand_set, answer=4) == points


@pytest.mark.parametrize(
    ("urgency", "has_workaround", "severity"),
    [
        (Urgency.BLOCKER, True, "P1"),
        (Urgency.BLOCKER, False, "P0"),
        (Urgency.IMPORTANT, False, "P1"),
        (Urgency.CHURN_RISK, True, "P0"),
    ],
)
def test_a_blocker_without_a_way_around_is_a_dealbreaker(
    urgency: str, has_workaround: bool, severity: str
) -> None:
    row = DEFAULT_CROSSWALK[urgency]
    assert grade_severity(urgency, row, has_workaround=has_workaround) == severity


@pytest.mark.parametrize(
    ("points", "reached"), [(1, 1), (3, 1), (4, 4), (6, 4), (7, 7), (9, 7), (10, 10)]
)
def test_points_reach_a_row_of_the_crosswalk(points: int, reached: int) -> None:
    assert reach_row(points, DEFAULT_CROSSWALK).points == reached


def test_points_below_every_row_reach_the_lowest() -> None:
    table = {"important": {"points": 4, "severity": "P1", "value": 2, "pilot_urgency": 2}}
    assert reach_row(1, read_crosswalk_table(table)).points == 4


@given(st.integers(1, 10), st.integers(1, 10))
def test_more_points_never_reach_less(lower: int, higher: int) -> None:
    lower, higher = sorted((lower, higher))
    one, other = reach_row(lower, DEFAULT_CROSSWALK), reach_row(higher, DEFAULT_CROSSWALK)
    assert (one.value, one.pilot_urgency) <= (other.value, other.pilot_urgency)
    assert one.severity >= other.severity
