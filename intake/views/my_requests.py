"""The landing page: what became of everything I asked for."""

import csv

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from intake.domain.csv_cell import escape_cell
from intake.domain.vocabulary import PublicState
from intake.selectors.my_requests import Filter, every_request, list_requests
from intake.views.signed_in import SignedInRequest
from portal.actions.audit import record_audit

COLUMNS = ("Reference", "Request", "State", "Sent by", "Sent on", "Last change", "Address")


@require_GET
@login_required
def my_requests(request: SignedInRequest) -> HttpResponse:
    chosen = read_filter(request)
    page = list_requests(
        request.user, chosen, now=timezone.now(), number=_read_number(request.GET.get("page", ""))
    )
    others = request.GET.copy()
    others.pop("page", None)
    context = {"page": page, "chosen": chosen, "states": PublicState.choices, "query": others}
    return render(request, "intake/my_requests.html", context)


@require_GET
@login_required
def export(request: SignedInRequest) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="requests.csv"'
    record_audit("requests exported", by=request.user)
    response.write("\ufeff")  # spreadsheets take it for UTF-8 then
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    for row in every_request(request.user, read_filter(request), now=timezone.now()):
        cells = (
            row.reference,
            row.summary,
            row.state.label,
            row.author or str(request.user),
            f"{timezone.localtime(row.created_at):%Y-%m-%d}",
            f"{timezone.localtime(row.updated_at):%Y-%m-%d}",
            request.build_absolute_uri(f"/requests/{row.token}/"),
        )
        writer.writerow([escape_cell(cell) for cell in cells])
    return response


def read_filter(request: SignedInRequest) -> Filter:
    state = request.GET.get("state", "")
    return Filter(
        only_mine=request.GET.get("whose") != "organisation",
        state=state if state in PublicState.values else "",
        text=request.GET.get("text", "").replace("\0", "").strip()[:120],
    )


def _read_number(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1
