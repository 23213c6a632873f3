"""What moved a priority: cause by cause, summing to the whole change, and in words."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from intake.domain.vocabulary import DemandKind
from scoring.domain.day_parts import COLUMNS, DayPart, PartKey, read_day_parts, write_day_parts
from scoring.domain.movement import CauseKind, DaySide, explain_change
from scoring.domain.movement_words import Surroundings, tell_cause

A = PartKey(1, DemandKind.RETENTION, None)
DEAL = PartKey(1, DemandKind.GROWTH, 7)
WISH = PartKey(1, DemandKind.GROWTH, None)
CALM, URGENT = "health yellow, renewal in 13 months", "health yellow, renewal in 12 months"


def part(
    key: PartKey = A,
    points: int = 10,
    pool: int = 12,
    money: int = 120_000,
    multiplier: str = "2",
    reason: str = CALM,
) -> DayPart:
    return DayPart(key, points, pool, Decimal(money), Decimal(multiplier), reason)


def side(*parts: DayPart, weight: int | None = 8, manual: int = 0) -> DaySide:
    priority = sum((one.priority for one in parts), Fraction()) + manual
    return DaySide(Decimal(round(priority * 100)) / 100, weight, parts)


def tell(before: DaySide, after: DaySide, around: Surroundings | None = None) -> list[str]:
    around = around or Surroundings()
    return [tell_cause(one, before, after, around) for one in explain_change(before, after)]


def test_a_day_keeps_what_a_score_said_of_its_links() -> None:
    kept = {
        "account": 1,
        "kind": "growth",
        "opportunity": 7,
        "points": 5,
        "pool_points": 5,
        "pool_money": "50000.00",
        "share": "50000.00",
        "multiplier": "1.5",
        "reason": "win probability 50 %, close in 5 months",
        "priority": "75000.00",
    }
    (row,) = write_day_parts([kept])
    assert row == [kept[name] for name in COLUMNS]
    (read,) = read_day_parts([row])
    assert read.key == DEAL
    assert (read.share, read.priority) == (50_000, 75_000)


def test_without_a_pool_there_is_no_money() -> None:
    assert part(WISH, pool=0, money=0).priority == 0


def test_nothing_changed_nothing_is_told() -> None:
    assert explain_change(side(part()), side(part())) == []


def test_a_month_without_another_multiplier_is_no_cause() -> None:
    later = part(reason="health yellow, renewal in 14 months")
    assert explain_change(side(later), side(part())) == []


def test_a_new_link_brings_all_it_has() -> None:
    before, after = side(part()), side(part(), part(DEAL, 5, 5, 50_000, "1.5"))
    (cause,) = explain_change(before, after)
    assert (cause.kind, cause.effect) == (CauseKind.LINK_NEW, 75_000)
    around = Surroundings(opportunities={7: "200 seats"})
    assert tell(before, after, around) == ["new link, 5 of 5 points of opportunity “200 seats”"]


def test_a_wish_without_an_opportunity_says_that_it_has_no_money() -> None:
    words = tell(side(part()), side(part(), part(WISH, pool=0, money=0)))
    assert words == ["new link, to use more; no open opportunity, so no money"]


def test_a_link_that_went_takes_all_it_had() -> None:
    before, after = side(part(), part(DEAL, 5, 5, 50_000, "1")), side(part())
    around = Surroundings(opportunities={7: "200 seats"}, endings={7: "lost"})
    assert tell(before, after, around) == ["opportunity “200 seats” was lost"]
    (cause,) = explain_change(before, after)
    assert cause.effect == -50_000
    assert tell(before, after) == ["no longer asks for this with an opportunity"]
    assert tell(side(part()), side()) == ["no longer asks for this"]


def test_its_own_points_are_told_apart_from_those_of_the_account_elsewhere() -> None:
    before, after = side(part(points=2, pool=12)), side(part(points=10, pool=16))
    own, others = explain_change(before, after)
    assert (own.kind, others.kind) == (CauseKind.POINTS, CauseKind.POOL)
    assert own.effect == 120_000 * 2 * (Fraction(10, 20) - Fraction(2, 12))
    assert others.effect == 120_000 * 2 * (Fraction(10, 16) - Fraction(10, 20))
    around = Surroundings(left={1: "#12 was closed"}, came={1: "#99 is new"})
    assert tell(before, after, around) == [
        "points 2 → 10",
        "fewer points on its other issues, 10 → 6: #12 was closed",
    ]


def test_points_of_an_opportunity_name_it() -> None:
    before, after = side(part(DEAL, 2, 4)), side(part(DEAL, 3, 9))
    assert tell(before, after, Surroundings(opportunities={7: "200 seats"})) == [
        "more points of opportunity “200 seats” on its other issues, 2 → 6",
        "points of opportunity “200 seats” 2 → 3",
    ]


def test_more_points_elsewhere_name_what_came() -> None:
    around = Surroundings(left={1: "#12 was closed"}, came={1: "#99 is new"})
    words = tell(side(part(pool=12)), side(part(pool=16)), around)
    assert words == ["more points on its other issues, 2 → 6: #99 is new"]


def test_money_and_urgency() -> None:
    before, after = side(part()), side(part(money=150_000, multiplier="2.5", reason=URGENT))
    assert tell(before, after) == [
        "renewal in 13 months → 12 months, so multiplier 2 → 2.5",
        "ARR 120,000 → 150,000",
    ]


def test_health_and_new_weights() -> None:
    worse = part(multiplier="3", reason="health red, renewal in 13 months")
    assert tell(side(part()), side(worse)) == ["health yellow → red, so multiplier 2 → 3"]
    dearer = part(multiplier="2.25")
    assert tell(side(part()), side(dearer)) == ["the weights were changed, so multiplier 2 → 2.25"]


def test_a_weight_comes_first() -> None:
    assert tell(side(part()), side(part(points=9, pool=11), weight=3))[0] == "weight 8 → 3"
    assert tell(side(part(), weight=None), side(part())) == ["weight added: 8"]
    assert tell(side(part()), side(part(), weight=None)) == ["weight taken away"]


def test_a_value_set_by_a_person() -> None:
    before, after = side(part()), side(part(), manual=300_000)
    (cause,) = explain_change(before, after)
    assert (cause.kind, cause.effect) == (CauseKind.MANUAL, 300_000)
    assert tell(before, after) == ["a value set by a person"]


def test_an_issue_that_is_new_has_no_weight_to_compare() -> None:
    assert [one.kind for one in explain_change(DaySide(), side(part()))] == [CauseKind.LINK_NEW]


parts = st.builds(
    part,
    key=st.sampled_from([A, DEAL, PartKey(2, DemandKind.RETENTION, None)]),
    points=st.integers(1, 10),
    pool=st.integers(10, 90),
    money=st.integers(0, 10**7),
    multiplier=st.sampled_from(["1", "1.25", "2.5", "4"]),
)
sides = st.lists(parts, max_size=3, unique_by=lambda one: one.key).map(lambda found: side(*found))


@given(sides, sides)
def test_the_effects_sum_to_the_whole_change(before: DaySide, after: DaySide) -> None:
    def add_up(one: DaySide) -> Fraction:
        return sum((each.priority for each in one.parts), Fraction())

    effects = sum((cause.effect for cause in explain_change(before, after)), Fraction())
    assert effects == add_up(after) - add_up(before)
