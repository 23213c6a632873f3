"""One act on one request: posted, done or refused, and back to where the person was."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from intake.actions.refusals import Refusal
from intake.admin.acts import ACTS, tell_done
from intake.admin.triage_page import show_request
from intake.forms.triage import ActForm
from intake.models import Submission
from portal.admin.roles import person_of

if TYPE_CHECKING:
    from intake.admin.queue import SubmissionAdmin


def decide(
    page: "SubmissionAdmin", request: HttpRequest, submission: Submission, name: str
) -> HttpResponse:
    """Redirects when done. What was typed stays on the page when it was not."""
    act = ACTS.get(name)
    if act is None:
        raise Http404
    by = person_of(request)
    form = act.form(request.POST, submission=submission, by=by, auto_id=f"id_{name}_%s")
    if form.is_valid():
        try:
            act.run(submission, form.cleaned_data, by)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            done = tell_done(act, form.cleaned_data)
            messages.success(request, f"{submission.reference}: {done}")
            return redirect(find_way_back(request, submission))
    else:
        for sentence in _list_errors(form):
            messages.error(request, sentence)
    if "back" in request.GET or not form.fields.get("text"):
        return redirect(find_way_back(request, submission))
    return show_request(
        page, request, page.find_request(request, str(submission.pk)), tried=name, form=form
    )


def _list_errors(form: ActForm) -> list[str]:
    return [str(sentence) for sentences in form.errors.values() for sentence in sentences]


def find_way_back(request: HttpRequest, submission: Submission) -> str:
    """The queue as it was filtered, or the request's page; never an address from outside."""
    if "back" in request.GET:
        query = QueryDict(request.GET["back"]).urlencode()
        return reverse("admin:intake_submission_changelist") + (f"?{query}" if query else "")
    return reverse("admin:intake_submission_change", args=[submission.pk])
