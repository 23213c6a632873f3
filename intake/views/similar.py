"""Suggestions while writing; the form never waits for them."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from intake.selectors.similar import find_similar
from intake.views.signed_in import SignedInRequest

TITLE_READ = 120
PROBLEM_READ = 4_000  # characters of the text that are searched with


@require_POST
@login_required
def similar(request: SignedInRequest) -> HttpResponse:
    title = request.POST.get("summary", "").replace("\0", "")[:TITLE_READ]
    problem = request.POST.get("problem", "").replace("\0", "")[:PROBLEM_READ]
    context = {
        "similar": find_similar(title, problem, user=request.user),
        "chosen_issue": request.POST.get("chosen_issue", ""),
    }
    return render(request, "intake/parts/similar_while_writing.html", context)
