"""A person's own data: what is kept, a copy of it, and its erasure."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.actions.audit import record_audit
from portal.actions.erase import erase_person
from portal.actions.refusals import Refusal
from portal.forms.erase import ErasureForm
from portal.models import User
from portal.selectors.own_data import read_own_data

ERASED = "Your data are erased. Thank you for the time you were with us."


@require_safe
@login_required
def your_data(request: HttpRequest) -> HttpResponse:
    context = {
        "audit_days": settings.RETENTION_AUDIT.days,
        "file_days": settings.RETENTION_ATTACHMENTS.days,
        "session_days": settings.SESSION_COOKIE_AGE // (24 * 3600),
    }
    return render(request, "own_data/page.html", context)


@require_POST
@login_required
def download_your_data(request: HttpRequest) -> HttpResponse:
    person = cast(User, request.user)
    with transaction.atomic():
        record_audit("own data downloaded", by=person, on=person)
        told = read_own_data(person, now=timezone.now())
    response = JsonResponse(told, encoder=DjangoJSONEncoder, json_dumps_params={"indent": 2})
    response["Content-Disposition"] = 'attachment; filename="your-data.json"'
    return response


@require_http_methods(["GET", "POST"])
@login_required
def erase_me(request: HttpRequest) -> HttpResponse:
    person = cast(User, request.user)
    form = ErasureForm(
        request.POST or None, expected=person.email, label="Your e-mail address, to confirm"
    )
    if request.method == "POST" and form.is_valid():
        try:
            erase_person(person, by=person, now=timezone.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            logout(request)
            messages.success(request, ERASED)
            return redirect(settings.LOGIN_URL)
    return render(request, "own_data/erase.html", {"form": form, "reference": person.reference})


# Before these, whoever sits at the browser proves again that it is them.
for view in (download_your_data, erase_me):
    view.needs_fresh_sign_in = True  # type: ignore[attr-defined]
