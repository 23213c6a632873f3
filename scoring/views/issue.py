"""One issue: why it has its score, and what people estimate about it."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from intake.models import Issue
from scoring.selectors.estimates import read_estimate_page
from scoring.selectors.other_models import read_other_models
from scoring.selectors.trend import read_trend
from scoring.selectors.why import read_why
from scoring.views.staff_only import StaffRequest, staff_only


@require_GET
@staff_only
def issue(request: StaffRequest, pk: int) -> HttpResponse:
    today = timezone.localdate()
    try:
        why = read_why(pk, reader=request.user, shows_all=request.GET.get("links") == "all")
    except Issue.DoesNotExist as error:
        raise Http404 from error
    context = {
        "why": why,
        "models": read_other_models(pk, today=today),
        "trend": read_trend(pk, until=today),
        "estimates": read_estimate_page(pk),
    }
    return render(request, "scoring/issue.html", context)
