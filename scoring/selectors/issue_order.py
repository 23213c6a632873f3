"""In which order a list of scores stands."""

from dataclasses import dataclass

from django.db.models import F, QuerySet

from scoring.models import IssueScore

FIELDS = {
    "rank": "rank",
    "score": "score",
    "retention": "retention",
    "growth": "growth",
    "combined": "combined",
    "priority": "priority",
    "weighted": "weighted",
    "linked_arr": "linked_arr",
    "accounts": "accounts",
    "seats": "seats",
    "weight": "issue__weight",
    "milestone": "issue__milestone_due_on",
}
RISING_FIRST = frozenset({"rank", "weight", "milestone"})  # what a first click on a head gives


@dataclass(frozen=True, slots=True)
class Order:
    """`column` is a key of FIELDS."""

    column: str = "rank"
    is_rising: bool = True

    def __str__(self) -> str:
        """As an address holds it: "rank", "-priority"."""
        return self.column if self.is_rising else f"-{self.column}"

    @property
    def turned(self) -> "Order":
        return Order(self.column, not self.is_rising)


def read_order(text: str) -> Order:
    """An unknown column is the rank."""
    column = text.removeprefix("-")
    return Order(column, text == column) if column in FIELDS else Order()


def begin_with(column: str) -> Order:
    """The order that a reader expects first: the best rank, the greatest sum."""
    return Order(column, column in RISING_FIRST)


def sort_scores(scores: QuerySet[IssueScore], order: Order) -> QuerySet[IssueScore]:
    """No number comes last, whichever way; equals stand as they rank."""
    if order == Order():
        return scores.order_by("standing")
    column = F(FIELDS[order.column])
    first = column.asc(nulls_last=True) if order.is_rising else column.desc(nulls_last=True)
    return scores.order_by(first, "standing")
