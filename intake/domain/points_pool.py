"""What each request of an organisation counts beside its others, in one friendly sentence.

All that one account asks for shares one pool (the framework's retention pool): a request's part
is its points over the points of all. No money is told, and nothing that its people cannot see.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from intake.domain.vocabulary import Urgency

ONE = {
    Urgency.NICE_TO_HAVE: "as nice to have",
    Urgency.IMPORTANT: "as important",
    Urgency.BLOCKER: "as a blocker",
    Urgency.CHURN_RISK: "as a reason to leave or shrink",
}
SEVERAL = ONE | {
    Urgency.BLOCKER: "as blockers",
    Urgency.CHURN_RISK: "as reasons to leave or shrink",
}
PARTS = {
    Fraction(1, 2): "half",
    Fraction(1, 3): "a third",
    Fraction(2, 3): "two thirds",
    Fraction(1, 4): "a quarter",
    Fraction(3, 4): "three quarters",
    Fraction(2, 5): "two fifths",
    Fraction(3, 5): "three fifths",
    Fraction(1, 5): "a fifth",
    Fraction(1, 6): "a sixth",
    Fraction(1, 7): "a seventh",
    Fraction(1, 8): "an eighth",
    Fraction(1, 9): "a ninth",
    Fraction(1, 10): "a tenth",
    Fraction(1, 11): "an eleventh",
    Fraction(1, 12): "a twelfth",
}
NEARLY_ALL = Fraction(7, 8)
SMALLEST = Fraction(1, 13)


@dataclass(frozen=True, slots=True)
class PoolAsk:
    """One open request. Those on one `link` (an issue) are one wish, as grave as the gravest."""

    link: int
    urgency: str
    is_own: bool  # sent by the reader


def tell_pool(asks: Iterable[PoolAsk], points: Mapping[str, int], *, account: str = "") -> str:
    """ "You marked 9 of 11 requests as blockers: each counts about a ninth."

    `points` of each urgency, from the crosswalk; `account` is named where the reader has several.
    Empty where there is nothing to weigh up: fewer than two wishes.
    """
    wishes = _merge(asks, points)
    if len(wishes) < 2:
        return ""
    gravest = max((wish.urgency for wish in wishes), key=lambda urgency: points[urgency])
    count = sum(wish.urgency == gravest for wish in wishes)
    share = Fraction(points[gravest], sum(points[wish.urgency] for wish in wishes))
    whole = f"all {len(wishes)}" if count == len(wishes) else f"{count} of {len(wishes)}"
    mark = (ONE if count == 1 else SEVERAL)[Urgency(gravest)]
    each = "it counts" if count == 1 else "each counts"
    who = account or _name_them(wishes)
    return f"{who} marked {whole} requests {mark}: {each} {tell_part(share)}."


def _merge(asks: Iterable[PoolAsk], points: Mapping[str, int]) -> list[PoolAsk]:
    """One for each link, the gravest; the reader's own where one of theirs is among them."""
    found: dict[int, PoolAsk] = {}
    for ask in asks:
        held = found.get(ask.link, ask)
        urgency = max(held.urgency, ask.urgency, key=lambda urgency: points[urgency])
        found[ask.link] = PoolAsk(ask.link, urgency, held.is_own or ask.is_own)
    return list(found.values())


def _name_them(wishes: Collection[PoolAsk]) -> str:
    return "You" if all(wish.is_own for wish in wishes) else "Your organisation"


def tell_part(share: Fraction) -> str:
    """A share above 0 in words: exact where it is, "about" the nearest otherwise."""
    if share in PARTS:
        return PARTS[share]
    if share > NEARLY_ALL:
        return "nearly all"
    if share < SMALLEST:
        return f"about one part in {round(1 / share)}"
    return f"about {PARTS[min(PARTS, key=lambda part: max(part / share, share / part))]}"
