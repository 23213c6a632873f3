"""What a person's copy of their data tells of requests: their own words, nobody else's."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from intake.actions import triage
from intake.actions.drafts import save_draft
from intake.actions.follow import follow
from intake.actions.reply import reply
from intake.actions.submit import submit
from intake.domain.draft import SubmissionDraft
from intake.models import Submission
from portal.actions.membership import end_membership
from portal.models import Account, User
from portal.selectors.own_data import read_own_data
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db


def take(person: User) -> dict[str, Any]:
    return read_own_data(person, now=NOW)


def test_a_request_comes_in_the_authors_own_words(maya: User, sent: Submission) -> None:
    Submission.objects.update(internal_note="SENTINEL NOTE", trouble_detail="SENTINEL TROUBLE")
    [told] = take(maya)["requests_you_sent"]
    assert (told["reference"], told["summary"]) == (sent.reference, sent.summary)
    assert told["state"] == "Received"
    assert told["links"] == ["https://gitlab.example/a/b/-/issues/7"]
    assert "SENTINEL" not in str(told)
    assert "token" not in told


def test_a_colleagues_request_is_told_by_its_reference_alone(
    maya: User, ben: User, sent: Submission
) -> None:
    follow(sent, user=ben, by=ben)
    reply(sent, "From Maya herself.", by=maya)
    told = take(ben)
    assert told["requests_you_sent"] == []
    assert [row["request"] for row in told["requests_you_follow"]] == [sent.reference]
    assert "Maya" not in str(told)
    assert sent.summary not in str(told)


def test_own_acts_come_with_own_words_and_staffs_do_not(
    maya: User, tam: User, sent: Submission
) -> None:
    reply(sent, "Sooner, please.", by=maya)
    triage.ask(sent, "Which branch is it?", by=tam)
    acts = take(maya)["what_you_did_with_requests"]
    assert [(row["act"], row["your_words"]) for row in acts] == [
        ("Received", ""),
        ("Reply from the customer", "Sooner, please."),
    ]
    assert "Which branch" not in str(take(maya))


def test_whoever_left_an_organisation_is_told_that_they_asked_and_no_more(
    maya: User, tam: User, sent: Submission, account: Account
) -> None:
    reply(sent, "Sooner, please.", by=maya)
    end_membership(maya, account, by=tam, now=NOW)
    told = take(maya)
    assert told["requests_you_sent"] == [
        {"reference": sent.reference, "created_at": sent.created_at}
    ]
    assert sent.summary not in str(told)
    assert "Sooner" not in str(told)


def test_drafts_and_what_others_sent_for_the_person_are_told(
    maya: User, sent: Submission, ben: User, make_draft: Callable[..., SubmissionDraft]
) -> None:
    save_draft({"problem": ["half a wish"]}, file_names=["log.txt"], by=ben, is_on_behalf=False)
    other = submit(make_draft(), by=maya)
    Submission.objects.filter(pk=other.pk).update(
        contact_name="Ben Okafor", contact_email="BEN@northwind-freight.example"
    )
    told = take(ben)
    assert told["drafts"][0]["fields"] == {"problem": ["half a wish"]}
    assert [row["contact_name"] for row in told["requests_sent_for_you"]] == ["Ben Okafor"]
    json.dumps(told, default=str)
