"""The ranked list: what the demand for each issue is worth."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from scoring.domain.weights import Model
from scoring.forms.issue_look import SIZES, Look, read_look
from scoring.selectors.filter_choices import FilterChoices, read_filter_choices
from scoring.selectors.issues_list import IssueList, Totals, list_issues
from scoring.selectors.newest_run import read_newest_run
from scoring.views.addresses import change
from scoring.views.amounts import write_amount, write_share
from scoring.views.filter_form import (
    draw_chips,
    draw_customer_selects,
    draw_issue_selects,
)
from scoring.views.issue_columns import (
    MILESTONE,
    MODELS,
    RANK,
    choose_columns,
    draw_heads,
    list_sorts,
)
from scoring.views.issue_rows import draw_issues
from scoring.views.staff_only import StaffRequest, staff_only


@require_GET
@staff_only
def issues(request: StaffRequest) -> HttpResponse:
    if "" in request.GET.values():  # an unfilled form: the address to keep is a short one
        return redirect(_leave_out_blanks(request))
    look = read_look(request.GET)
    run = read_newest_run()
    choices = read_filter_choices(request.user)
    found = list_issues(
        look.chosen, look.order, reader=request.user, number=look.number, size=look.size
    )
    model = run.model if run else Model.CIPF
    context = {
        "look": look,
        "run": run,
        "is_late": run is not None and run.is_late(timezone.now()),
        "ranked_by": MODELS[model],
        "found": found,
        "totals": _write_totals(found.totals),
        **_draw_table(look, found, model, request.GET),
        **_draw_filters(look, choices, request.GET),
        **_draw_pages(look, found, request.GET),
    }
    return render(request, "scoring/issues.html", context)


def _leave_out_blanks(request: StaffRequest) -> str:
    filled = {name: value for name, value in request.GET.items() if value}
    return f"{request.path}?{urlencode(filled)}" if filled else request.path


def _write_totals(totals: Totals) -> dict[str, Any]:
    both = totals.retention + totals.growth
    retain = write_share(totals.retention, both) if both else None
    return {
        "issues": write_amount(totals.issues),
        "unranked": write_amount(totals.unranked),
        "retention": write_amount(totals.retention),
        "growth": write_amount(totals.growth),
        "retain": retain,
        "expand": None if retain is None else 100 - retain,
    }


def _draw_table(look: Look, found: IssueList, model: Model, address: QueryDict) -> dict[str, Any]:
    columns = choose_columns(model)
    sortable = (RANK, *columns, MILESTONE)
    rank, *heads, milestone = draw_heads(sortable, look.order, address)
    return {
        "columns": columns,
        "has_score": model != Model.CIPF,
        "sorts": list_sorts(sortable, look.order),
        "rank_head": rank,
        "heads": heads,
        "milestone_head": milestone,
        "rows": draw_issues(found.rows),
    }


def _draw_filters(look: Look, choices: FilterChoices, address: QueryDict) -> dict[str, Any]:
    about_issues = draw_issue_selects(look.chosen, choices)
    about_customers = draw_customer_selects(look.chosen, choices)
    return {
        "issue_selects": about_issues,
        "customer_selects": about_customers,
        "chips": draw_chips(look.chosen, [*about_issues, *about_customers], address),
        "feed": change(address).removesuffix("?"),
        "unranked_address": change(address, only="unranked"),
    }


def _draw_pages(look: Look, found: IssueList, address: QueryDict) -> dict[str, Any]:
    number, before = found.number, (found.number - 1) * look.size
    return {
        "sizes": [(one, change(address, rows=one), one == look.size) for one in SIZES],
        "previous": change(address, page=number - 1) if number > 1 else "",
        "next": change(address, page=number + 1) if number < found.pages else "",
        "first_place": write_amount(before + 1),
        "last_place": write_amount(before + len(found.rows)),
    }
