"""Too often, on the pages: a sentence, status 429, nothing written, nothing typed lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from intake.actions.submit import submit
from intake.domain.draft import SubmissionDraft
from intake.models import Event, EventKind, SavedDraft, Submission
from portal.domain.limits import REPLY, RESCUE, SUBMIT, SUBMIT_ON_BEHALF, SUGGEST
from portal.models import Account, AuditEntry, Membership, User
from tests.intake.pages import at, sign_in, whole_form
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db

FORM = "/requests/new/"
PER_PERSON, PER_ACCOUNT, PER_NETWORK = (
    SUBMIT.most[who] for who in ("person", "account", "network")
)


@pytest.fixture(autouse=True)
def the_real_limits(settings: Settings) -> None:
    settings.LIMIT_FACTOR = 1


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def send(client: Client, number: int, **more: Any) -> Any:
    words = {"problem": f"Anybody can approve change number {number} to our payment code."}
    return client.post(FORM, whole_form(**words), **more)


def test_the_eleventh_request_within_an_hour_waits_and_keeps_its_text(
    maya: User, clock: Any
) -> None:
    client = sign_in(maya)
    assert {send(client, n).status_code for n in range(PER_PERSON)} == {302}

    late = send(client, 99)
    page = late.content.decode()
    assert late.status_code == 429
    assert "A lot of requests came from you in a short time. Please try again in 60 minutes" in page
    assert "change number 99 to our payment code" in page
    assert Submission.objects.count() == PER_PERSON

    clock.shift(timedelta(hours=1))
    assert send(client, 99).status_code == 302


def test_a_refusal_for_another_reason_and_a_form_to_mend_count_for_nothing(
    maya: User, clock: Any
) -> None:
    client = sign_in(maya)
    for _ in range(PER_PERSON):
        assert client.post(FORM, whole_form(summary="short")).status_code == 200
    assert send(client, 1).status_code == 302


def test_the_second_click_on_the_last_request_still_finds_it(maya: User, clock: Any) -> None:
    client = sign_in(maya)
    for n in range(PER_PERSON - 1):
        send(client, n)
    form = whole_form()
    first, second = client.post(FORM, form), client.post(FORM, form)
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]


def test_an_organisation_has_a_limit_of_its_own(
    maya: User, account: Account, make_user: Callable[..., User], clock: Any
) -> None:
    people = [maya]
    for n in range(PER_ACCOUNT // PER_PERSON):
        colleague = make_user(f"colleague{n}@northwind-freight.example")
        Membership.objects.create(user=colleague, account=account, basis="staff")
        people.append(colleague)
    *busy, last = people
    for who, person in enumerate(busy):
        for n in range(PER_PERSON):
            sent = send(sign_in(person), 100 * who + n, REMOTE_ADDR=f"192.0.2.{who}")
            assert sent.status_code == 302
    late = send(sign_in(last), 999, REMOTE_ADDR="192.0.2.99")
    assert late.status_code == 429
    assert "came from your organisation" in late.content.decode()


def test_a_network_has_a_limit_of_its_own(make_user: Callable[..., User], clock: Any) -> None:
    strangers = [make_user(f"one@stranger-{n}.example") for n in range(PER_NETWORK + 1)]
    for n, one in enumerate(strangers[:-1]):
        assert send(sign_in(one), n).status_code == 302
    late = send(sign_in(strangers[-1]), 99)
    assert late.status_code == 429
    assert "came from your network" in late.content.decode()
    assert send(sign_in(strangers[-1]), 99, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_staff_who_send_for_customers_have_more_room(
    submitter: User, account: Account, clock: Any
) -> None:
    client = sign_in(submitter)
    form = reverse("intake:new_request_on_behalf")
    fields = {"account": account.pk, "account_search": "North"}
    for n in range(PER_PERSON + 1):
        answer = client.post(form, whole_form(**fields, problem=f"They told me reason {n}."))
        assert answer.status_code == 302
    assert SUBMIT_ON_BEHALF.most["person"] > PER_NETWORK


def test_what_comes_by_no_page_is_not_limited(
    maya: User, make_draft: Callable[..., SubmissionDraft]
) -> None:
    for _ in range(PER_PERSON + 1):
        submit(make_draft(), by=maya)
    assert Submission.objects.count() == PER_PERSON + 1


def test_replies_are_limited_and_the_text_stays(
    maya: User, make_draft: Callable[..., SubmissionDraft], clock: Any
) -> None:
    sent = submit(make_draft(), by=maya)
    client = sign_in(maya)
    for n in range(REPLY.most["person"]):
        answer = client.post(at("reply", sent), {"reply-text": f"One more thing, {n}."})
        assert answer.status_code == 302
    late = client.post(at("reply", sent), {"reply-text": "And the last thing."})
    assert late.status_code == 429
    assert "A lot of answers came from you" in late.content.decode()
    assert "And the last thing." in late.content.decode()
    replies = Event.objects.filter(submission=sent, kind=EventKind.REPLIED)
    assert replies.count() == REPLY.most["person"]


def test_suggestions_are_limited_and_what_was_chosen_stays(maya: User, clock: Any) -> None:
    client = sign_in(maya)
    typed = {"summary": "Limit approvals by file path", "chosen_issue": "7"}
    for _ in range(SUGGEST.most["person"]):
        assert client.post(reverse("intake:similar"), typed).status_code == 200
    late = client.post(reverse("intake:similar"), typed)
    page = late.content.decode()
    assert late.status_code == 429
    assert "Please try again in a minute. You can go on writing" in page
    assert '<input type="hidden" name="chosen_issue" value="7">' in page
    clock.shift(timedelta(minutes=1))
    assert client.post(reverse("intake:similar"), typed).status_code == 200


def test_nobody_pushes_out_the_texts_that_are_kept_for_others(clock: Any) -> None:
    most = RESCUE.most["network"]
    for _ in range(most):
        assert Client().post(FORM, whole_form()).status_code == 302
    late = Client().post(FORM, whole_form())
    assert late.status_code == 429
    assert "A lot of forms came from your network" in late.content.decode()
    assert SavedDraft.objects.count() == most
    assert Client().post(FORM, whole_form(), REMOTE_ADDR="192.0.2.7").status_code == 302


def test_a_refusal_by_a_limit_is_on_record(maya: User, clock: Any) -> None:
    client = sign_in(maya)
    for n in range(PER_PERSON + 3):
        send(client, n)
    entry = AuditEntry.objects.get(action="refused by a limit")
    assert (entry.actor_reference, entry.details) == (maya.reference, {"kind": "submit"})
