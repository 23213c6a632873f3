"""What the triage tests share: requests that wait, and the addresses of the desk."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from intake.models import Candidate, Issue, Submission
from portal.models import User

QUEUE = reverse("admin:intake_submission_changelist")


def add_request(by: User, **fields: Any) -> Submission:
    """A request that was searched, belongs to an account and waits for a person."""
    now = timezone.now()
    values: dict[str, Any] = {
        "form_token": uuid4(),
        "submitter": by,
        "account": next((each.account for each in by.memberships.all()), None),
        "summary": "Stop unreviewed changes to our payment code",
        "problem": "Anybody in the team can merge a change to the payment folder.",
        "urgency": "blocker",
        "intent": "retain",
        "stage": "account_resolved",
        "verdict": "likely",
        "answer_by": now + timedelta(hours=20),
        "created_at": now,
        "updated_at": now,
    }
    return Submission.objects.create(**values | fields)


def add_candidate(request: Submission, issue: Issue, **fields: Any) -> Candidate:
    values: dict[str, Any] = {
        "rank": 1,
        "score": 0.83,
        "verdict": "likely",
        "reasons": ["both speak of “payment”"],
        "matcher_version": "lexical-1",
    }
    return Candidate.objects.create(submission=request, issue=issue, **values | fields)


def page_of(request: Submission) -> str:
    return reverse("admin:intake_submission_change", args=[request.pk])


def act(client: Client, request: Submission, name: str, back: str | None = None, **typed: Any):
    """Press one button of a request; the page it leads to."""
    address = reverse("admin:intake_submission_decide", args=[request.pk, name])
    query = "" if back is None else f"?back={back}"
    return client.post(address + query, typed, follow=True)


def messages_of(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def references(response: Any) -> list[str]:
    """The queue's rows, from the top."""
    return [row.reference for row in response.context["rows"]]
