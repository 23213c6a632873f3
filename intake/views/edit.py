"""A customer edits their own request."""

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from intake.actions import edit as editing
from intake.domain.vocabulary import Urgency
from intake.forms import EditForm
from intake.models import Submission
from intake.selectors.form_choices import colleagues_to_name
from intake.selectors.request_page import read_text
from intake.selectors.visibility import is_author, visible_submissions
from intake.views.acts import accept
from intake.views.signed_in import SignedInRequest
from intake.views.too_often import answer_status, count_act
from portal.domain.limits import REPLY


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: SignedInRequest, token: str) -> HttpResponse:
    submission = get_object_or_404(visible_submissions(request.user), token=token)
    if not is_author(request.user, submission):
        messages.error(request, "Only whoever sent the request can edit it.")
        return redirect("intake:request", token=token)
    form = EditForm(
        request.POST if request.method == "POST" else None,
        initial=_read_initial(submission),
        with_important=submission.urgency == Urgency.IMPORTANT or None,
        colleagues=colleagues_to_name(submission, request.user),
    )

    def write() -> None:
        count_act(REPLY, request)
        audience = form.read_audience()
        editing.edit(submission, form.read_text(), by=request.user, audience=audience)

    if request.method == "POST" and accept(form, write):
        messages.success(request, "Saved.")
        return redirect("intake:request", token=token)
    context = {"form": form, "token": token, "reference": submission.reference}
    return render(request, "intake/edit.html", context, status=answer_status(form))


def _read_initial(submission: Submission) -> dict[str, Any]:
    text = read_text(submission)
    return {
        **asdict(text),
        "links": "\n".join(text.links),
        "sharing": submission.sharing,
        "colleagues": list(submission.shares.values_list("user_id", flat=True)),
    }
