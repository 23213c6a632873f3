"""A customer edits their own request."""

from dataclasses import asdict

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from intake.actions import edit as editing
from intake.domain.vocabulary import Urgency
from intake.forms import RequestTextForm
from intake.selectors.request_page import read_text
from intake.selectors.visibility import is_author, visible_submissions
from intake.views.acts import accept
from intake.views.signed_in import SignedInRequest


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: SignedInRequest, token: str) -> HttpResponse:
    submission = get_object_or_404(visible_submissions(request.user), token=token)
    if not is_author(request.user, submission):
        messages.error(request, "Only whoever sent the request can edit it.")
        return redirect("intake:request", token=token)
    text = read_text(submission)
    initial = {**asdict(text), "links": "\n".join(text.links)}
    form = RequestTextForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        with_important=text.urgency == Urgency.IMPORTANT or None,
    )
    if request.method == "POST" and accept(
        form, lambda: editing.edit(submission, form.read_text(), by=request.user)
    ):
        messages.success(request, "Saved.")
        return redirect("intake:request", token=token)
    context = {"form": form, "token": token, "reference": submission.reference}
    return render(request, "intake/edit.html", context)
