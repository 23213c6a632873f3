"""Several requests at once: each done or refused for itself."""

from collections.abc import Callable

import pytest
from django.test import Client

from intake.actions import triage
from intake.models import Issue
from portal.models import Role, User
from tests.intake.triage_desk import QUEUE, add_candidate, add_request, messages_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, tam: User) -> Client:
    client.force_login(tam)
    return client


def run(desk: Client, action: str, *requests, **more: str):
    chosen = [request.pk for request in requests]
    posted = {"action": action, "_selected_action": chosen, **more}
    return desk.post(QUEUE, posted, follow=True)


def test_join_each_with_its_best_candidate(
    desk: Client, maya: User, make_issue: Callable[..., Issue]
) -> None:
    first, second, without = add_request(maya), add_request(maya), add_request(maya)
    best, worse, other = make_issue(), make_issue(), make_issue()
    add_candidate(first, worse, rank=2)
    add_candidate(first, best, rank=1)
    add_candidate(second, other)
    told = messages_of(run(desk, "join_best", first, second, without, index="0"))
    for request, issue in ((first, best), (second, other), (without, None)):
        request.refresh_from_db()
        assert request.issue == issue
    assert told == [
        "2 joined.",
        f"{without.reference}: there is no candidate to join.",
    ]


def test_one_reason_for_several_is_asked_for_first(desk: Client, maya: User) -> None:
    requests = [add_request(maya), add_request(maya)]
    asked = run(desk, "decline_all", *requests, index="0")
    assert "The reason, as every one of these customers reads it" in asked.content.decode()
    told = messages_of(run(desk, "decline_all", *requests, text="Not our direction."))
    assert told == ["2 decided: not planned."]
    for request in requests:
        request.refresh_from_db()
        assert (request.decision, request.reason) == ("not_planned", "Not our direction.")


def test_an_empty_reason_asks_again(desk: Client, maya: User) -> None:
    request = add_request(maya)
    again = run(desk, "decline_all", request, text=" ")
    assert "Write something first" in again.content.decode()
    request.refresh_from_db()
    assert request.decision == "pending"


def test_one_question_for_several(desk: Client, maya: User) -> None:
    requests = [add_request(maya), add_request(maya)]
    told = messages_of(run(desk, "ask_all", *requests, text="Is this still needed?"))
    assert told == ["2 asked."]
    for request in requests:
        assert request.events.get(kind="asked").text == "Is this still needed?"


def test_a_request_decided_meanwhile_gets_its_own_answer(
    desk: Client,
    maya: User,
    make_issue: Callable[..., Issue],
    make_user: Callable[..., User],
) -> None:
    jon = make_user("jon@larkfield.example", name="Jon Abel", role=Role.TAM)
    taken, free = add_request(maya), add_request(maya)
    triage.join(taken, issue=make_issue(), by=jon)
    told = messages_of(run(desk, "decline_all", taken, free, text="Not our direction."))
    assert any(f"{taken.reference}: Already decided by Jon Abel" in sentence for sentence in told)
    assert "1 decided: not planned." in told
    taken.refresh_from_db()
    assert taken.decision == "joined"
