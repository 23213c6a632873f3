"""Estimates of an issue: entered, corrected, taken back, and read for scores and for the page."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from intake.actions.refusals import NotAllowed, Refusal
from intake.models import Issue
from portal.models import Role, User
from scoring.actions.estimate import enter_estimate, take_back_estimate
from scoring.domain.estimate_rules import EstimateDraft
from scoring.domain.manual_value import Level, ManualValue, Reason
from scoring.domain.records import Estimates
from scoring.domain.weights import Weights
from scoring.domain.weights_text import write_weights
from scoring.models import Estimate, EstimateKind, ScoreParts, WeightsVersion
from scoring.selectors.estimates import list_estimates, read_estimate_page, read_estimates
from tests.scoring.store import NOW, add_account, add_issue

pytestmark = pytest.mark.django_db


def enter(issue: Issue, by: User, kind: str, value: str, **more: str) -> Estimate:
    return enter_estimate(issue, EstimateDraft(kind, value, **more), by=by)


def post(client: Client, issue: Issue, **fields: str) -> Any:
    return client.post(reverse("scoring:estimate", args=[issue.pk]), fields)


def find_line(issue: Issue, kind: str) -> Any:
    page = read_estimate_page(issue.pk)
    return next(line for part in page.sections for line in part.lines if line.kind == kind)


def test_what_is_entered_is_what_scores_read(tam: User) -> None:
    one, other = add_issue(), add_issue()
    add_issue()
    enter(one, tam, "duration_weeks", "2.5")
    enter(one, tam, "impact", "0.25")
    enter(one, tam, "manual_value", "120,000", reason="data loss")
    enter(other, tam, "manual_value", "high", reason="UX debt")
    expected = {
        one.pk: Estimates(
            duration_weeks=Decimal("2.5"),
            impact=Decimal("0.25"),
            manual=ManualValue(Decimal(120_000), Reason.DATA_LOSS),
        ),
        other.pk: Estimates(manual=ManualValue(Level.HIGH, Reason.UX_DEBT)),
    }
    assert read_estimates() == expected
    assert read_estimates([other.pk]) == {other.pk: expected[other.pk]}
    assert read_estimates(range(1_000_000)) == expected


def test_the_newest_entry_is_in_force_and_the_others_stay(tam: User) -> None:
    issue = add_issue()
    enter(issue, tam, "effort", "3", note="first guess")
    enter(issue, tam, "effort", "5", note="asked the team")
    assert read_estimates()[issue.pk].effort == 5
    told = [(event.shown, event.note, event.by) for event in list_estimates(issue.pk)]
    assert told == [
        ("5 person-months", "asked the team", str(tam)),
        ("3 person-months", "first guess", str(tam)),
    ]


def test_what_is_taken_back_counts_no_more_and_stays_in_the_history(tam: User) -> None:
    issue = add_issue()
    enter(issue, tam, "effort", "3")
    take_back_estimate(issue, "effort", note="wrong issue", by=tam)
    assert read_estimates() == {}
    assert [event.shown for event in list_estimates(issue.pk)] == ["", "3 person-months"]
    with pytest.raises(Refusal, match="no estimate"):
        take_back_estimate(issue, "effort", by=tam)
    enter(issue, tam, "effort", "4")
    assert read_estimates()[issue.pk].effort == 4


def test_the_same_entry_twice_is_one(tam: User) -> None:
    issue = add_issue()
    first = enter(issue, tam, "effort", "3")
    assert enter(issue, tam, "effort", "3.0") == first
    assert enter(issue, tam, "effort", "3", note="now with a reason") != first


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.SUBMITTER])
def test_only_those_who_triage_estimate(role: Role, make_user: Callable[..., User]) -> None:
    by, issue = make_user("other@larkfield.example", role=role), add_issue()
    with pytest.raises(NotAllowed):
        enter(issue, by, "effort", "3")
    with pytest.raises(NotAllowed):
        take_back_estimate(issue, "effort", by=by)
    assert not Estimate.objects.exists()


def test_a_person_who_leaves_leaves_the_estimate(tam: User) -> None:
    issue = add_issue()
    enter(issue, tam, "effort", "3")
    tam.delete()
    assert read_estimates()[issue.pk].effort == 3
    assert list_estimates(issue.pk)[0].by == ""


def test_the_page_tells_every_kind_with_what_is_in_force(
    tam: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    issue = add_issue(weight=8)
    enter(issue, tam, "confidence", "80", note="two interviews")
    with django_assert_max_num_queries(6):
        page = read_estimate_page(issue.pk)
    kinds = [line.kind for section in page.sections for line in section.lines]
    assert sorted(kinds) == sorted(EstimateKind.values)
    entry = find_line(issue, "confidence").entry
    assert (entry.shown, entry.note, entry.by) == ("80 % – medium", "two interviews", str(tam))
    assert find_line(issue, "impact").entry is None


def test_a_duration_is_derived_from_the_weight_until_one_is_entered(tam: User) -> None:
    issue = add_issue(weight=8)
    content = write_weights(Weights(weeks_per_point=Decimal("0.5")))
    WeightsVersion.objects.create(number=1, content=content, created_at=NOW)
    line = find_line(issue, "duration_weeks")
    assert (line.entry, line.proposed.value, line.proposed.shown) == (None, "4", "4 weeks")
    assert find_line(add_issue(weight=None), "duration_weeks").proposed is None


def add_parts(issue: Issue, *accounts: int) -> None:
    ScoreParts.objects.create(issue=issue, parts=[{"account": account} for account in accounts])


def test_seats_propose_a_reach_apart_from_the_confirmed_one(tam: User) -> None:
    issue = add_issue()
    asking, other = add_account(seats=300), add_account(seats=700)
    add_parts(issue, asking.pk)
    line = find_line(issue, "reach")
    assert (line.entry, line.proposed.value) == (None, "3")
    assert "300 of 1,000 seats" in line.proposed.source
    enter(issue, tam, "reach", "6")
    line = find_line(issue, "reach")
    assert (line.entry.value, line.proposed.value) == ("6", "3")
    assert other.seats == 700


def test_without_known_seats_nothing_is_proposed() -> None:
    issue = add_issue()
    add_parts(issue, add_account(seats=None).pk)
    assert find_line(issue, "reach").proposed is None


def test_reach_in_people_proposes_the_seats_themselves() -> None:
    content = write_weights(Weights(is_reach_in_people=True, total_seats=90_000))
    WeightsVersion.objects.create(number=1, content=content, created_at=NOW)
    issue = add_issue()
    add_parts(issue, add_account(seats=1_300).pk)
    line = find_line(issue, "reach")
    assert (line.proposed.value, line.proposed.shown) == ("1300", "1,300 people")


def test_an_entry_goes_in_by_the_page_and_back_to_the_issue(client: Client, tam: User) -> None:
    client.force_login(tam)
    issue = add_issue()
    answer = post(
        client, issue, kind="manual_value", value="9,000", reason="security", note=" a  b"
    )
    assert answer.status_code == 302
    assert answer["Location"] == reverse("scoring:issue", args=[issue.pk]) + "#estimates"
    row = Estimate.objects.get()
    assert (row.value, row.reason, row.note, row.created_by) == ("9000", "security", "a b", tam)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"kind": "effort", "value": "soon"}, "A number above 0"),
        ({"kind": "effort", "value": ""}, "A number above 0"),
        ({"kind": "impact", "value": "7"}, "Choose one of the values."),
        ({"kind": "manual_value", "value": "9000"}, "a manual value needs a reason"),
        ({"kind": "effort", "value": "3", "note": "x" * 301}, "under 300 characters"),
    ],
)
def test_what_is_wrong_is_told_beside_the_fields_and_nothing_is_lost(
    client: Client, tam: User, fields: dict[str, str], told: str
) -> None:
    client.force_login(tam)
    issue = add_issue("Faster exports")
    answer = post(client, issue, **{"note": "because", **fields})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert told in page
    assert fields.get("note", "because") in page
    assert not Estimate.objects.exists()


def test_taking_back_by_the_page(client: Client, tam: User) -> None:
    client.force_login(tam)
    issue = add_issue()
    enter(issue, tam, "effort", "3")
    post(client, issue, kind="effort", value="nonsense", note="not ours", take_back="yes")
    newest = Estimate.objects.order_by("-pk").first()
    assert newest is not None
    assert (newest.value, newest.note) == ("", "not ours")


def test_who_may_send(client: Client, maya: User, submitter: User, tam: User) -> None:
    issue = add_issue()
    fields = {"kind": "effort", "value": "3"}
    assert post(client, issue, **fields).status_code == 302  # to the sign-in
    for person in (maya, submitter):
        client.force_login(person)
        assert post(client, issue, **fields).status_code == 404
    client.force_login(tam)
    assert client.get(reverse("scoring:estimate", args=[issue.pk])).status_code == 405
    assert post(client, issue, kind="whim", value="3").status_code == 404
    assert client.post(reverse("scoring:estimate", args=[10**6]), fields).status_code == 404
    assert not Estimate.objects.exists()
