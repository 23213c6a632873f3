"""What tests of pages share: a signed-in browser, a whole form, a request and its addresses."""

from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from intake.models import Submission
from portal.models import User


def sign_in(user: User, *, checks_forgery: bool = False) -> Client:
    client = Client(enforce_csrf_checks=checks_forgery)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def whole_form(**fields: Any) -> dict[str, Any]:
    return {
        "kind": "change",
        "summary": "Limit approvals by file path",
        "problem": "Anybody can approve a change to our payment code.",
        "urgency": "nice_to_have",
        "intent": "retain",
        "form_token": str(uuid4()),
        "action": "send",
    } | fields


def at(name: str, sent: Submission, *more: object) -> str:
    return reverse(f"intake:{name}", args=[sent.token, *more])


def read(client: Client, sent: Submission) -> str:
    return client.get(at("request", sent)).content.decode()


def refresh(sent: Submission) -> Submission:
    return Submission.objects.get(pk=sent.pk)
