"""Take in what GitLab announces: stored at once, once for each key, handled by the worker."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from intake.actions.doorbell import ring_for_webhooks
from intake.models import CustomerLink, Issue, WebhookEvent

CONFIDENTIAL_ISSUE = "Confidential Issue Hook"
LARGEST_ID = 2**63 - 1


def receive_webhook(*, key: str, kind: str, body: Mapping[str, Any]) -> bool:
    """False when this key was received before. An issue that became confidential disappears from
    customers' pages here and now; everything else is read from GitLab itself."""
    project_id, iid = _issue_of(body)
    with transaction.atomic():
        event, is_new = WebhookEvent.objects.get_or_create(
            key=key,
            defaults={
                "kind": kind,
                "project_id": project_id,
                "issue_iid": iid,
                "received_at": timezone.now(),
            },
        )
        if is_new and project_id and iid and _is_confidential(kind, body):
            _hide(project_id, iid, now=event.received_at)
        if is_new:
            transaction.on_commit(ring_for_webhooks)
    return is_new


def _hide(project_id: int, iid: int, *, now: datetime) -> None:
    shown = Issue.objects.filter(project__project_id=project_id, iid=iid, is_confidential=False)
    CustomerLink.objects.filter(issue__in=list(shown)).update(due_at=now)  # what notes may say
    shown.update(is_confidential=True, changed_at=now)


def _is_confidential(kind: str, body: Mapping[str, Any]) -> bool:
    """Of the issue itself: an internal comment on a public issue is announced as confidential
    too."""
    issue = body.get("issue")
    is_said = isinstance(issue, Mapping) and issue.get("confidential") is True
    return kind == CONFIDENTIAL_ISSUE or is_said


def _issue_of(body: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """Project and number of the issue an event is about; (None, None) for other events."""
    project = body.get("project")
    issue = body.get("issue")
    if body.get("object_kind") in {"issue", "work_item"}:
        issue = body.get("object_attributes")
    if not isinstance(project, Mapping) or not isinstance(issue, Mapping):
        return None, None
    project_id, iid = project.get("id"), issue.get("iid")
    if _is_id(project_id) and _is_id(iid):
        return project_id, iid
    return None, None


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LARGEST_ID
