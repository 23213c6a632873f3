"""The page after sending."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from intake.models import Submission
from intake.selectors.received import read_received
from intake.views.signed_in import SignedInRequest


@require_GET
@login_required
def received(request: SignedInRequest, token: str) -> HttpResponse:
    try:
        sent = read_received(request.user, token)
    except Submission.DoesNotExist:
        raise Http404 from None
    return render(request, "intake/received.html", {"sent": sent})
