"""The ranked list as files, with the page's own filters and order: one address each."""

import csv
import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import chain
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from intake.domain.csv_cell import escape_cell
from portal.actions.audit import record_audit
from scoring.forms.issue_look import Look, read_look
from scoring.selectors.issues_list import IssueRow, every_issue
from scoring.selectors.newest_run import NewestRun, read_newest_run
from scoring.views.staff_only import StaffRequest, staff_only

DERIVED = "Derived; shipping this does not mean ARR rises by this much."
COLUMNS = (
    "Rank", "Issue", "Title", "Score", "Retention", "Growth", "Combined", "Priority", "Weight",
    "Weighted", "Linked ARR", "Accounts", "Seats", "Milestone", "Due", "Group", "Type", "Area",
    "Themes", "Manual value", "Warnings", "Address", "Note",
)  # fmt: skip
TOGETHER = 200  # rows in one piece of a file


class Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


@require_GET
@staff_only
def issues_csv(request: StaffRequest) -> HttpResponseBase:
    look = read_look(request.GET)
    if look.faults:
        return _refuse(look)
    record_audit("priorities exported", by=request.user, form="csv")
    writer = csv.writer(Echo())
    rows = (_write_cells(row) for row in every_issue(look.chosen, look.order, reader=request.user))
    lines = (writer.writerow(cells) for cells in chain([COLUMNS], rows))
    response = StreamingHttpResponse(
        _join(chain(["\ufeff"], lines)),  # spreadsheets take it for UTF-8 then
        content_type="text/csv; charset=utf-8",
    )
    response["Content-Disposition"] = 'attachment; filename="priorities.csv"'
    return response


@require_GET
@staff_only
def issues_json(request: StaffRequest) -> HttpResponseBase:
    look = read_look(request.GET)
    if look.faults:
        return _refuse(look)
    record_audit("priorities exported", by=request.user, form="json")
    rows = every_issue(look.chosen, look.order, reader=request.user)
    pieces = _write_object(_describe_run(read_newest_run()), map(_describe, rows))
    return StreamingHttpResponse(_join(pieces), content_type="application/json")


def _refuse(look: Look) -> HttpResponse:
    """A file of everything, in place of a filter nobody understood, would mislead."""
    return HttpResponse(
        "\n".join(look.faults) + "\n", status=400, content_type="text/plain; charset=utf-8"
    )


def _write_cells(row: IssueRow) -> list[str]:
    figures = [
        row.score, row.retention, row.growth, row.combined, row.priority, row.weight, row.weighted,
        row.linked_arr, row.accounts, row.seats,
    ]  # fmt: skip
    texts = [row.milestone, _write(row.milestone_due_on), row.group, row.type, row.area]
    texts += ["; ".join(row.themes), "yes" if row.is_manual else "", _tell_warnings(row)]
    return [
        _write(row.rank),
        *map(escape_cell, (row.reference, row.title)),
        *map(_write, figures),
        *map(escape_cell, texts),
        escape_cell(row.web_url),
        DERIVED,
    ]


def _write(value: object) -> str:
    """Money always with two places; nothing where there is no number."""
    return "" if value is None else str(value)


def _tell_warnings(row: IssueRow) -> str:
    return "; ".join(
        f"{kind} ({count})" if count > 1 else kind for kind, count in row.warnings.items()
    )


def _describe_run(run: NewestRun | None) -> dict[str, Any]:
    return {
        "note": DERIVED,
        "model": run.model if run else None,
        "weights": run.weights if run else None,
        "computed_at": run.finished_at.isoformat() if run else None,
    }


def _describe(row: IssueRow) -> dict[str, Any]:
    money = ("retention", "growth", "combined", "priority", "weighted", "linked_arr")
    return {
        "id": row.pk,
        "reference": row.reference,
        "title": row.title,
        "url": row.web_url,
        "rank": row.rank,
        "score": _as_text(row.score),
        **{name: _as_text(getattr(row, name)) for name in money},
        "accounts": row.accounts,
        "seats": row.seats,
        "weight": row.weight,
        "milestone": row.milestone or None,
        "milestone_due_on": row.milestone_due_on.isoformat() if row.milestone_due_on else None,
        "group": row.group or None,
        "type": row.type or None,
        "area": row.area or None,
        "themes": row.themes,
        "is_manual": row.is_manual,
        "warnings": row.warnings,
    }


def _as_text(amount: Decimal | None) -> str | None:
    """Never through a binary floating point."""
    return None if amount is None else f"{amount:f}"


def _write_object(head: dict[str, Any], issues: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield json.dumps(head)[:-1] + ', "issues": ['
    separator = "\n"
    for issue in issues:
        yield separator + json.dumps(issue)
        separator = ",\n"
    yield "\n]}\n"


def _join(pieces: Iterable[str]) -> Iterator[str]:
    """A few hundred rows at a time: not one small packet for each."""
    waiting: list[str] = []
    for piece in pieces:
        waiting.append(piece)
        if len(waiting) == TOGETHER:
            yield "".join(waiting)
            waiting.clear()
    yield "".join(waiting)
