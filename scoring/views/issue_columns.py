"""The columns of figures in the ranked list: named, explained, sorted."""

from dataclasses import dataclass

from django.http import QueryDict

from scoring.domain.weights import Model
from scoring.selectors.issue_order import Order, begin_with
from scoring.views.addresses import change
from scoring.views.filter_form import Option

MODELS = {
    Model.CIPF: "weighted priority score",
    Model.CD3: "cost of delay divided by duration (CD3)",
    Model.CD3_PILOT_AVERAGE: "cost of delay divided by duration, averaged over customers (CD3)",
    Model.RICE: "RICE score",
    Model.WSJF: "WSJF score",
    Model.GAP_RANKING: "mean of four ranks (gap ranking), the least first",
}


@dataclass(frozen=True, slots=True)
class Column:
    """`key` is the row's attribute and the name in ?sort=."""

    key: str
    label: str
    meaning: str


RETENTION = Column(
    "retention",
    "Retention",
    "The part of customers' ARR that falls to this issue: each account's ARR is divided over its "
    "open requests by priority points.",
)
GROWTH = Column(
    "growth",
    "Growth",
    "The same for new net ARR: each open opportunity's is divided over the requests it hangs on.",
)
COMBINED = Column("combined", "Combined", "Retention and growth together. Never counted twice.")
PRIORITY = Column(
    "priority",
    "Priority",
    "Each customer's part times its urgency: health and months to renewal, or win probability and "
    "months to close.",
)
WEIGHT = Column("weight", "Weight", "The issue's weight in GitLab: the size of the work.")
WEIGHTED = Column("weighted", "Weighted", "Priority divided by weight.")
LINKED = Column(
    "linked_arr",
    "Linked ARR",
    "The whole ARR of every account that asks. Counts an account again on each of its issues; "
    "never add it up.",
)
ACCOUNTS = Column("accounts", "Accounts", "How many accounts have an open request here.")
RANK = Column("rank", "Rank", "The place among all issues, whatever the filter.")
MILESTONE = Column("milestone", "Milestone", "GitLab's milestone: a target, not a promise.")
SEATS = Column("seats", "Seats", "The licensed seats of these accounts together.")


def choose_columns(model: Model) -> tuple[Column, ...]:
    """The framework's figures always; another active model's score stands before them."""
    framework = (
        RETENTION, GROWTH, COMBINED, PRIORITY, WEIGHT, WEIGHTED, LINKED, ACCOUNTS, SEATS,
    )  # fmt: skip
    if model == Model.CIPF:
        return framework
    return (
        Column("score", "Score", f"The {MODELS[model]}: what ranks go by."),
        *framework,
    )


@dataclass(frozen=True, slots=True)
class Head:
    """`direction` as aria-sort says it, empty while the list is sorted by something else."""

    column: Column
    address: str
    direction: str


def draw_heads(columns: tuple[Column, ...], order: Order, address: QueryDict) -> list[Head]:
    """Each leads to the list sorted by it; the one that sorts now, to the other way round."""
    return [_draw_head(column, order, address) for column in columns]


def _draw_head(column: Column, order: Order, address: QueryDict) -> Head:
    is_now = order.column == column.key
    by = order.turned if is_now else begin_with(column.key)
    direction = ("ascending" if order.is_rising else "descending") if is_now else ""
    return Head(column, change(address, sort=by), direction)


def list_sorts(columns: tuple[Column, ...], order: Order) -> list[Option]:
    """For a screen too narrow for heads. The usual order needs no place in the address."""
    begins = {str(begin_with(column.key)): column.label for column in columns}
    if str(order) not in begins:
        labels = {column.key: column.label for column in columns}
        begins[str(order)] = f"{labels.get(order.column, 'Score')}, the other way round"
    return [
        Option("" if value == str(Order()) else value, label, value == str(order))
        for value, label in begins.items()
    ]
