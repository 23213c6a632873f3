"""The status page of one request, and its files."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from intake.domain.vocabulary import MailLevel
from intake.forms import ContestForm, OutcomeForm, ReplyForm
from intake.models import Attachment, Submission
from intake.selectors.request_page import read_request
from intake.selectors.visibility import visible_submissions
from intake.views.signed_in import SignedInRequest
from intake.views.too_often import answer_status


@require_GET
@login_required
def request_page(request: SignedInRequest, token: str) -> HttpResponse:
    return show_request(request, token)


def show_request(request: SignedInRequest, token: str, **bound: Form) -> HttpResponse:
    """The page, with the one form that was sent and not accepted, if any."""
    shows_all = request.GET.get("history") == "all"
    try:
        page = read_request(request.user, token, shows_all=shows_all)
    except Submission.DoesNotExist:
        raise Http404 from None
    context = {
        "page": page,
        "mail_levels": MailLevel.choices,
        "docs_url": settings.DOCS_URL,
        "reply_form": ReplyForm(prefix="reply"),
        "contest_form": ContestForm(prefix="contest"),
        "outcome_form": OutcomeForm(prefix="outcome", initial={"outcome": page.outcome}),
        **bound,
    }
    status = max(map(answer_status, bound.values()), default=200)
    return render(request, "intake/request.html", context, status=status)


@require_GET
@login_required
def attachment(request: SignedInRequest, token: str, pk: int) -> FileResponse:
    """A file as a download of no particular type: a browser never opens it on our site."""
    file = get_object_or_404(
        Attachment, pk=pk, submission__in=visible_submissions(request.user).filter(token=token)
    )
    return FileResponse(
        file.file,
        as_attachment=True,
        filename=file.name,
        content_type="application/octet-stream",
        headers={"X-Content-Type-Options": "nosniff"},
    )
