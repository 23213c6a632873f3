"""What administrators do about somebody's sign-in, from the list of people."""

from allauth.account.adapter import get_adapter
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from portal.actions.sessions import end_sessions, reset_sign_in
from portal.admin.bases import ModelAdmin
from portal.admin.roles import person_of
from portal.models import User


@admin.action(description="Sign out everywhere", permissions=["change"])
def sign_out_everywhere(_page: ModelAdmin, request: HttpRequest, people: "QuerySet[User]") -> None:
    by, now = person_of(request), timezone.now()
    ended = sum(end_sessions(person, by=by, now=now) for person in people)
    messages.success(request, f"Sessions ended: {ended}.")


@admin.action(description="Reset how they sign in (lost phone or key)", permissions=["change"])
def reset_sign_ins(_page: ModelAdmin, request: HttpRequest, people: "QuerySet[User]") -> None:
    """The person reads of it by mail: nobody else may have asked for it."""
    by, now = person_of(request), timezone.now()
    for person in people.exclude(pk=by.pk):
        reset_sign_in(person, by=by, now=now)
        get_adapter(request).send_notification_mail("account/email/sign_in_reset", person)
        messages.success(request, f"{person} signs in by mailed code and sets up anew.")
    if people.filter(pk=by.pk).exists():
        messages.warning(request, "Ask another administrator to reset your own.")
