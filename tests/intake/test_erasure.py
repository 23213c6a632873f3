"""Nothing in any table names an erased person; their requests stay with the organisation."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.db.models import CharField, JSONField, TextField
from django.test import Client
from django.urls import reverse

from intake.actions.drafts import save_draft
from intake.actions.reply import reply
from intake.models import Follower, Share, Submission
from portal.actions.erase import erase_person
from portal.models import Account, AuditEntry, Invitation, Membership, User
from tests.intake.pages import sign_in
from tests.portal.fresh import sign_in_fresh
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db


def list_rows_with(words: set[str]) -> list[str]:
    """Every text of every row of every table in which one of the words stands."""
    found = []
    for model in apps.get_models():
        fields = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, CharField | TextField | JSONField)
        ]
        for row in model._base_manager.values(*fields):
            found += [
                f"{model._meta.label}.{name}: {text}"
                for name, text in row.items()
                if any(word.casefold() in str(text).casefold() for word in words)
            ]
    return found


def leave_traces(person: User, account: Account, sent: Submission) -> Client:
    """A signed-in person who has left something everywhere the portal keeps things."""
    browser = sign_in_fresh(person)
    UserSession.objects.create(
        user=person,
        ip="203.0.113.9",
        user_agent="Maya's browser",
        session_key=browser.session.session_key,
    )
    Authenticator.objects.create(user=person, type="totp", data={"secret": "maya@"})
    SocialAccount.objects.create(user=person, provider="oidc", uid=person.email)
    Invitation.objects.create(
        account=account, email=person.email, created_at=NOW, expires_at=NOW + timedelta(days=30)
    )
    save_draft({"problem": ["Maya's wish"]}, file_names=[], by=person, is_on_behalf=False)
    reply(sent, "Sooner, please.", by=person)
    Share.objects.create(submission=sent, user=person)
    Submission.objects.filter(pk=sent.pk).update(
        contact_name=person.name, contact_email=person.email.upper()
    )
    return browser


def test_after_it_no_row_of_any_table_names_the_person(
    maya: User, tam: User, account: Account, sent: Submission
) -> None:
    LogEntry.objects.log_actions(tam.pk, [maya], 2, [], single_object=True)
    LogEntry.objects.log_actions(
        tam.pk, [account], 2,
        [{"added": {"name": "membership", "object": f"{maya} at {account}"}}], single_object=True,
    )  # fmt: skip
    leave_traces(maya, account, sent)
    words = {"maya", "lindqvist"}
    assert len({line.partition(".")[2].partition(":")[0] for line in list_rows_with(words)}) > 5
    erase_person(maya, by=maya, now=NOW)
    assert list_rows_with(words) == []
    assert AuditEntry.objects.filter(action="person erased", actor=maya.reference).exists()


def test_the_row_stays_under_its_reference_and_opens_nothing(
    maya: User, account: Account, sent: Submission
) -> None:
    browser = leave_traces(maya, account, sent)
    erase_person(maya, by=maya, now=NOW)
    left = User.objects.get(pk=maya.pk)
    assert left.email == f"{maya.reference}@erased.invalid"
    assert (str(left), left.is_active, left.erased_at) == (maya.reference, False, NOW)
    for model in (
        EmailAddress,
        Authenticator,
        SocialAccount,
        UserSession,
        Membership,
        Follower,
        Share,
    ):
        assert not model.objects.filter(user=maya).exists()
    assert browser.get(reverse("intake:my_requests")).status_code == 302


def test_the_request_stays_with_the_organisation(sent: Submission, maya: User, ben: User) -> None:
    reply(sent, "Sooner, please.", by=maya)
    erase_person(maya, by=maya, now=NOW)
    page = sign_in(ben).get(reverse("intake:request", args=[sent.token])).content.decode()
    assert sent.summary in page
    assert "Sooner, please." in page
    assert maya.reference in page
    assert "Maya" not in page
    assert "erased.invalid" not in page
