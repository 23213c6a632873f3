"""What staff tune and watch: wording, titles for customers, notes, operations."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from intake.models import CustomerLink, Issue, StateWording
from portal.models import Account, Door, Job, Role, User
from tests.intake.triage_desk import add_request, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client: Client, make_user: Callable[..., User]) -> User:
    user = make_user("ada@larkfield.example", name="Ada", role=Role.ADMINISTRATOR)
    client.force_login(user)
    return user


def test_a_tam_tunes_nothing(client: Client, tam: User) -> None:
    client.force_login(tam)
    assert client.get(reverse("admin:intake_statewording_add")).status_code == 403


def test_the_wording_of_a_state_reaches_the_page(
    client: Client, administrator: User, maya: User
) -> None:
    client.post(
        reverse("admin:intake_statewording_add"),
        {"state": "received", "label": "With us", "meaning": "Somebody reads it today."},
    )
    assert StateWording.objects.get().label == "With us"
    assert "Somebody reads it today." in client.get(page_of(add_request(maya))).content.decode()


def test_only_the_title_for_customers_of_an_issue_is_written(
    client: Client, tam: User, make_issue: Callable[..., Issue]
) -> None:
    client.force_login(tam)
    issue = make_issue("Secret project Falcon", is_confidential=True)
    client.post(
        reverse("admin:intake_issue_change", args=[issue.pk]),
        {"public_title": "Faster approvals", "title": "Changed", "is_confidential": ""},
    )
    issue.refresh_from_db()
    assert issue.public_title == "Faster approvals"
    assert (issue.title, issue.is_confidential) == ("Secret project Falcon", True)


def test_a_refused_note_shows_its_reason_and_is_tried_again(
    client: Client, tam: User, maya: User, account: Account, make_issue: Callable[..., Issue]
) -> None:
    client.force_login(tam)
    now = timezone.now()
    link = CustomerLink.objects.create(
        issue=make_issue(), account=account, note_state="refused", refusal="400: too long"
    )
    request = add_request(
        maya,
        decision="joined",
        decided_by_kind="person",
        decided_at=now,
        issue=link.issue,
        link=link,
        trouble="gitlab_refused",
    )
    assert "400: too long" in client.get(page_of(request)).content.decode()
    client.post(
        reverse("admin:intake_customerlink_changelist"),
        {"action": "try_again", "_selected_action": [link.pk], "index": "0"},
    )
    link.refresh_from_db()
    assert (link.note_state, link.refusal) == ("wanted", "")
    assert link.due_at is not None


def test_staff_read_what_the_note_says_and_it_names_nobody(
    client: Client, tam: User, maya: User, account: Account, make_issue: Callable[..., Issue]
) -> None:
    client.force_login(tam)
    link = CustomerLink.objects.create(
        issue=make_issue(), account=account, note_state="posted", note_id=9, is_note_internal=True
    )
    request = add_request(
        maya,
        problem="At Northwind Freight anybody may merge.",
        decision="joined",
        decided_by_kind="person",
        decided_at=timezone.now(),
        issue=link.issue,
        link=link,
    )
    note = client.get(page_of(request)).context["note"]
    assert account.salesforce_id in note.text
    assert "anybody may merge" in note.text
    assert "Northwind" not in note.text
    assert note.url.endswith("#note_9")


def test_operations_tell_doors_jobs_work_and_index(
    client: Client, tam: User, maya: User, settings: Settings, tmp_path: Path
) -> None:
    settings.INDEX_DIR = tmp_path
    client.force_login(tam)
    now = timezone.now()
    Door.objects.create(
        service="salesforce", is_shut=True, reason="401: app revoked", changed_at=now
    )
    Job.objects.create(name="mirror", finished_at=now - timedelta(minutes=4))
    Job.objects.create(name="refresh", trouble="Salesforce is away")
    add_request(maya, due_at=now - timedelta(hours=2))
    page = client.get(reverse("admin:operations")).content.decode()
    for expected in ("401: app revoked", "4 minutes", "Salesforce is away", "2 hours", "index"):
        assert expected in page.replace("\xa0", " ")
