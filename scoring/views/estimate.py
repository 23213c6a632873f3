"""Entering and taking back an estimate: sent from the issue's page, and back to it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from intake.actions.refusals import Refusal
from intake.models import Issue
from scoring.actions.estimate import enter_estimate, take_back_estimate
from scoring.forms.estimate import EstimateForm, TakeBackForm
from scoring.models import EstimateKind
from scoring.selectors.weights import read_weights_in_force
from scoring.views.staff_only import StaffRequest, staff_only


@staff_only
@require_POST
def estimate(request: StaffRequest, pk: int) -> HttpResponse:
    """A valid one is entered; otherwise its fields come back on a page with what is wrong."""
    issue = get_object_or_404(Issue, pk=pk)
    kind = _read_kind(request)
    if "take_back" in request.POST:
        return _take_back(request, issue, kind)
    weights = read_weights_in_force().weights
    form = EstimateForm(request.POST, kind=kind, weights=weights)
    if form.is_valid():
        try:
            enter_estimate(issue, form.read_draft(), by=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{kind.label}: entered. Scores follow within minutes.")
            return _go_back(issue)
    return render(request, "scoring/estimate.html", {"form": form, "issue": issue, "kind": kind})


def _take_back(request: StaffRequest, issue: Issue, kind: EstimateKind) -> HttpResponse:
    form = TakeBackForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    try:
        take_back_estimate(issue, kind, note=note, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{kind.label}: taken back. Scores follow within minutes.")
    return _go_back(issue)


def _read_kind(request: StaffRequest) -> EstimateKind:
    try:
        return EstimateKind(request.POST.get("kind", ""))
    except ValueError as error:
        raise Http404 from error


def _go_back(issue: Issue) -> HttpResponse:
    return redirect(reverse("scoring:issue", args=[issue.pk]) + "#estimates")
