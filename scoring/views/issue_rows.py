"""One issue of the ranked list, as the page draws it."""

from typing import Any

from django.urls import reverse

from scoring.domain.warning import WarningKind
from scoring.selectors.issues_list import IssueRow
from scoring.views.amounts import write_amount, write_milestone, write_score, write_share

AMOUNTS = (
    "retention",
    "growth",
    "combined",
    "priority",
    "weight",
    "weighted",
    "linked_arr",
    "accounts",
    "seats",
)
Shown = dict[str, Any]  # a template finds keys twice as fast as attributes: there are hundreds


def draw_issues(rows: tuple[IssueRow, ...]) -> list[Shown]:
    why = reverse("scoring:issue", args=[0])  # once, not for each row
    return [_draw(row) | {"why": why.replace("/0/", f"/{row.pk}/")} for row in rows]


def _draw(row: IssueRow) -> Shown:
    """`retain` is the retention's share of the combined score in percent, None without one.

    `checks` are the warnings in words, all but the missing weight: the page asks for that in its
    place.
    """
    figures = {name: write_amount(getattr(row, name)) for name in AMOUNTS}
    return {
        **figures,
        "rank": row.rank,
        "title": row.title,
        "reference": row.reference,
        "web_url": row.web_url,
        "type": row.type,
        "group": row.group,
        "is_manual": row.is_manual,
        "score": write_score(row.score),
        "has_weight": row.weight is not None,
        "retain": _split(row),
        "milestone": write_milestone(row.milestone, row.milestone_due_on),
        "checks": [
            f"{kind} ({count})" if count > 1 else kind
            for kind, count in row.warnings.items()
            if kind != WarningKind.WEIGHT_MISSING
        ],
    }


def _split(row: IssueRow) -> int | None:
    if row.retention is None or not row.combined:
        return None
    return write_share(row.retention, row.combined)
