"""Suggestions while writing; the form never waits for them."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from intake.selectors.similar import find_similar
from intake.views.signed_in import SignedInRequest
from intake.views.too_often import count_act
from portal.actions.limit import OverLimit
from portal.domain.limits import SUGGEST

PART = "intake/parts/similar_while_writing.html"
TITLE_READ = 120
PROBLEM_READ = 4_000  # characters of the text that are searched with


@require_POST
@login_required
def similar(request: SignedInRequest) -> HttpResponse:
    title = request.POST.get("summary", "").replace("\0", "")[:TITLE_READ]
    problem = request.POST.get("problem", "").replace("\0", "")[:PROBLEM_READ]
    context: dict[str, Any] = {"chosen_issue": request.POST.get("chosen_issue", "")}
    try:
        count_act(SUGGEST, request)
    except OverLimit as over:
        return render(request, PART, context | {"too_often": over}, status=429)
    context["similar"] = find_similar(title, problem, user=request.user)
    return render(request, PART, context)
