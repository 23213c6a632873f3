"""Tuning the weights: previewed before it is saved, versioned, by administrators alone."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from intake.actions.refusals import NotAllowed
from portal.models import Role, User
from scoring.actions.set_weights import NothingDiffers, SavedMeanwhile, set_weights
from scoring.domain.weights import InvalidWeights, Model, Weights
from scoring.domain.weights_text import flatten, write_weights
from scoring.models import WeightsVersion
from scoring.pipeline.score import score_everything
from scoring.selectors.preview import preview_weights
from scoring.selectors.weights import find_version_changes, read_weights_in_force
from tests.scoring.store import NOW, TODAY, add_issue, add_worked_example

pytestmark = pytest.mark.django_db

ADD = "admin:scoring_weightsversion_add"
THREE = replace(Weights(), buckets=3)


@pytest.fixture
def ada(client: Client, make_user: Callable[..., User]) -> User:
    user = make_user("ada@larkfield.example", name="Ada", role=Role.ADMINISTRATOR)
    client.force_login(user)
    return user


def fill(**changed: object) -> dict[str, Any]:
    """The form as the page fills it in; names of changed fields have _ for the dots."""
    flat = flatten(write_weights(read_weights_in_force().weights))
    fields = {name: "" if value is None else value for name, value in flat.items()}
    if not fields["is_reach_in_people"]:
        del fields["is_reach_in_people"]
    return fields | {name.replace("__", "."): value for name, value in changed.items()}


def send(client: Client, step: str, **changed: object) -> Any:
    return client.post(reverse(ADD), fill(**changed) | {step: "yes"})


def find_seal(page: str) -> str:
    found = re.search(r'name="seal" value="(\w+)"', page)
    assert found
    return found[1]


def preview(client: Client, **changed: object) -> str:
    answer = send(client, "preview", **changed)
    assert answer.status_code == 200
    page: str = answer.content.decode()
    return page


def save(client: Client, seal: str, reason: str = "agreed in March", **changed: object) -> Any:
    return send(client, "save", seal=seal, reason=reason, **changed)


def test_without_a_version_the_defaults_are_in_force() -> None:
    in_force = read_weights_in_force()
    assert (in_force.weights, in_force.version) == (Weights(), None)


def test_a_preview_tells_what_would_change_and_saves_nothing(client: Client, ada: User) -> None:
    issues = add_worked_example()
    score_everything(now=NOW)
    page = " ".join(preview(client, retention__yellow__near="5").split())
    assert "Of 3 issues <b>3</b> change their rank, <b>2</b> their priority" in page
    assert f"#{issues['#101'].iid} One" in page
    assert "256,000.00 → 506,000.00" in page
    assert not WeightsVersion.objects.exists()


def test_a_preview_is_of_the_day_that_was_scored() -> None:
    add_worked_example()
    score_everything(now=NOW)
    other_day = TODAY.replace(year=TODAY.year + 3)
    assert preview_weights(Weights(), today=other_day).counts.scores == 0


def test_before_anything_is_scored_every_place_is_new() -> None:
    add_worked_example()
    looked_at = preview_weights(Weights(), today=TODAY)
    assert looked_at.is_first
    assert looked_at.counts.ranks == 3


def test_the_preview_counts_buckets(client: Client, ada: User) -> None:
    add_worked_example()
    score_everything(now=NOW)
    assert preview_weights(replace(Weights(), minimum_group=3), today=TODAY).counts.buckets == 3


def test_the_preview_counts_labels_that_would_come_or_go(client: Client, ada: User) -> None:
    issues = add_worked_example()  # of 2, 1 and 2 accounts
    score_everything(now=NOW)
    assert "On <b>1</b> of them labels would come or go" in preview(client, minimum_accounts=2)
    assert "come or go" not in preview(client, minimum_accounts_public=2)
    issues["#101"].project.is_public = True
    issues["#101"].project.save()
    assert "On <b>2</b> of them labels would come or go" in preview(
        client, minimum_accounts_public=2
    )
    assert "come or go" not in preview(client, minimum_accounts=2)


def test_what_was_previewed_is_saved_with_its_reason(client: Client, ada: User) -> None:
    seal = find_seal(preview(client, retention__yellow__near="5", model="cd3"))
    answer = save(client, seal, retention__yellow__near="5", model="cd3")
    assert answer.status_code == 302
    version = WeightsVersion.objects.get()
    assert (version.number, version.reason, version.created_by) == (1, "agreed in March", ada)
    weights = read_weights_in_force().weights
    assert (weights.model, weights.retention.yellow.near) == (Model.CD3, Decimal(5))
    assert weights.growth == Weights().growth
    changed = [(one.field, one.before, one.after) for one in find_version_changes(version)]
    assert changed == [("model", "cipf", "cd3"), ("retention.yellow.near", "2.5", "5")]


def test_the_next_version_stands_on_the_one_before(client: Client, ada: User) -> None:
    set_weights(THREE, reason="first", after=0, by=ada)
    save(client, find_seal(preview(client, buckets=5, total_seats=900)), buckets=5, total_seats=900)
    assert [one.number for one in WeightsVersion.objects.all()] == [2, 1]
    weights = read_weights_in_force().weights
    assert (weights.buckets, weights.total_seats) == (5, 900)
    save(client, find_seal(preview(client, total_seats="")), total_seats="")
    assert read_weights_in_force().weights.total_seats is None


def test_a_box_that_was_ticked_can_be_unticked(client: Client, ada: User) -> None:
    ticked = {"is_reach_in_people": "on"}
    save(client, find_seal(preview(client, **ticked)), **ticked)
    assert read_weights_in_force().weights.is_reach_in_people
    fields = fill()
    del fields["is_reach_in_people"]
    page = client.post(reverse(ADD), fields | {"preview": "yes"}).content.decode()
    client.post(reverse(ADD), fields | {"save": "yes", "reason": "x", "seal": find_seal(page)})
    assert not read_weights_in_force().weights.is_reach_in_people


def test_values_changed_after_the_preview_are_previewed_again(client: Client, ada: User) -> None:
    seal = find_seal(preview(client, buckets=3))
    answer = save(client, seal, buckets=9)
    page = answer.content.decode()
    assert "not those of the preview" in page
    assert not WeightsVersion.objects.exists()
    assert save(client, find_seal(page), buckets=9).status_code == 302


def test_without_a_preview_nothing_is_saved(client: Client, ada: User) -> None:
    assert save(client, "", buckets=3).status_code == 200
    assert not WeightsVersion.objects.exists()


def test_without_a_reason_nothing_is_saved(client: Client, ada: User) -> None:
    answer = save(client, find_seal(preview(client, buckets=3)), reason=" ", buckets=3)
    assert "Write why" in answer.content.decode()
    assert not WeightsVersion.objects.exists()


def test_what_somebody_saved_meanwhile_is_looked_at_first(client: Client, ada: User) -> None:
    seal = find_seal(preview(client, retention__red__near="5"))
    set_weights(THREE, reason="first", after=0, by=ada)
    assert save(client, seal, retention__red__near="5").status_code == 200
    assert read_weights_in_force().weights == THREE
    with pytest.raises(SavedMeanwhile):
        set_weights(Weights(), reason="late", after=0, by=ada)


def test_two_who_save_at_once_are_told_apart(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    stale = read_weights_in_force()
    set_weights(THREE, reason="first", after=0, by=ada)
    monkeypatch.setattr("scoring.actions.set_weights.read_weights_in_force", lambda: stale)
    with pytest.raises(SavedMeanwhile):
        set_weights(replace(THREE, buckets=9), reason="at once", after=0, by=ada)
    assert WeightsVersion.objects.count() == 1


def test_the_weights_in_force_are_not_saved_again(client: Client, ada: User) -> None:
    assert "there is nothing to save" in preview(client)
    with pytest.raises(NothingDiffers):
        set_weights(Weights(), reason="none", after=0, by=ada)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"retention__red__near": "101"}, "A number from 0 to 100"),
        ({"retention__red__near": "0"}, "A multiplier is above 0"),
        ({"growth__even__far": "much"}, "A number from 0 to 100"),
        ({"growth__even__far": ""}, "A number from 0 to 100"),
        ({"retention__near_months": 18}, "Near ends before the middle does"),
        ({"growth__unlikely_percent": 60}, "Unlikely ends before even does"),
        ({"buckets": 11}, "A whole number from 1 to 10"),
        ({"minimum_accounts_public": 0}, "A whole number from 1 to 1,000"),
        ({"weeks_per_point": "0"}, "Above 0."),
        ({"total_seats": "0"}, "A whole number from 1"),
        ({"model": "magic"}, "magic"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(
    client: Client, ada: User, wrong: dict[str, object], told: str
) -> None:
    page = preview(client, **wrong)
    assert told in page
    assert "Nothing is saved." in page
    assert 'aria-invalid="true"' in page
    assert 'name="save"' not in page


def test_invalid_weights_are_refused_by_the_action(ada: User) -> None:
    with pytest.raises(InvalidWeights):
        set_weights(replace(Weights(), buckets=0), reason="none", after=0, by=ada)


def test_a_version_is_never_changed(client: Client, ada: User) -> None:
    version = set_weights(THREE, reason="first", after=0, by=ada)
    address = reverse("admin:scoring_weightsversion_change", args=[version.pk])
    page = client.get(address).content.decode()
    assert "first" in page
    assert '<th scope="row">Buckets of the score label</th><td>4</td><td>3</td>' in page
    assert '<th scope="row">Red, near</th><td>4</td>' in page
    assert client.post(address, fill(buckets=9)).status_code == 403
    delete = reverse("admin:scoring_weightsversion_delete", args=[version.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("role", [Role.TAM, Role.PRODUCT_MANAGER])
def test_others_who_triage_only_look(
    client: Client, make_user: Callable[..., User], role: Role
) -> None:
    person = make_user("other@larkfield.example", role=role)
    client.force_login(person)
    assert client.get(reverse("admin:scoring_weightsversion_changelist")).status_code == 200
    assert client.get(reverse(ADD)).status_code == 403
    assert send(client, "preview", buckets=3).status_code == 403
    with pytest.raises(NotAllowed):
        set_weights(THREE, reason="none", after=0, by=person)


def test_customers_and_submitters_find_nothing(client: Client, maya: User, submitter: User) -> None:
    for person in (maya, submitter):
        client.force_login(person)
        assert client.get(reverse(ADD)).status_code == 404


def test_an_issue_that_is_gone_is_left_out_of_the_movers(ada: User) -> None:
    add_worked_example()
    score_everything(now=NOW)
    gone = add_issue()
    gone.delete()
    assert len(preview_weights(replace(Weights(), model=Model.CD3), today=TODAY).movers) <= 3
