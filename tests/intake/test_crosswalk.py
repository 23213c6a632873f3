"""The crosswalk: what a new version would change is shown first, then it is saved."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from intake.models import CrosswalkVersion, CustomerLink, Issue, Submission
from intake.pipeline.demand import recount_demand
from intake.selectors.crosswalk_preview import preview_crosswalk
from portal.models import Account, Role, User
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db

ADD = reverse("admin:intake_crosswalkversion_add")
MakeWish = Callable[..., Submission]


@pytest.fixture
def administrator(client: Client, make_user: Callable[..., User]) -> User:
    user = make_user("ada@larkfield.example", name="Ada", role=Role.ADMINISTRATOR)
    client.force_login(user)
    return user


@pytest.fixture
def tie(
    make_issue: Callable[..., Issue], make_account: Callable[[str], Account], make_wish: MakeWish
) -> Callable[..., CustomerLink]:
    """A link of an account of its own, held by one request for each urgency."""

    def make(
        name: str, *urgencies: str, hand_set: int | None = None, **fields: Any
    ) -> CustomerLink:
        account = make_account(name)
        link = CustomerLink.objects.create(
            issue=make_issue(f"Wish of {name}"), account=account, hand_set_points=hand_set
        )
        for urgency in urgencies:
            make_wish(link.issue, link=link, account=account, urgency=urgency, **fields)
        return link

    return make


def crosswalk(**changed: object) -> dict[str, object]:
    """The form as the page fills it in from the version in force."""
    table = CrosswalkVersion.objects.order_by("-number")[0].table
    rows = {
        f"{urgency}_{column}": value
        for urgency, row in table.items()
        for column, value in row.items()
    }
    return rows | changed


def save(client: Client, **changed: object) -> Any:
    """Look, then save what was looked at."""
    shown = client.post(ADD, crosswalk(**changed) | {"_preview": "1"})
    return client.post(ADD, crosswalk(**changed) | {"_save": "1", "seal": shown.context["seal"]})


def test_a_new_crosswalk_is_a_new_version(client: Client, administrator: User) -> None:
    first = CrosswalkVersion.objects.get()
    assert save(client, blocker_points=8).status_code == 302
    second = CrosswalkVersion.objects.order_by("-number")[0]
    assert (second.number, second.created_by) == (2, administrator)
    assert second.table["blocker"]["points"] == 8
    assert second.table["churn_risk"] == first.table["churn_risk"]
    first.refresh_from_db()
    assert first.table["blocker"]["points"] == 7


@pytest.mark.parametrize("sent", [{}, {"_save": "1"}, {"_save": "1", "seal": "made up"},
                                  {"_preview": "1"}])  # fmt: skip
def test_nothing_is_saved_that_nobody_looked_at(
    client: Client, administrator: User, sent: dict[str, object]
) -> None:
    page = client.post(ADD, crosswalk(blocker_points=8) | sent)
    assert page.status_code == 200
    assert "What this version would change" in page.content.decode()
    assert CrosswalkVersion.objects.count() == 1


def test_what_was_changed_after_the_look_is_shown_again(
    client: Client, administrator: User
) -> None:
    seal = client.post(ADD, crosswalk(blocker_points=8)).context["seal"]
    page = client.post(ADD, crosswalk(blocker_points=9) | {"_save": "1", "seal": seal})
    assert page.status_code == 200
    assert 'name="blocker_points" value="9"' in page.content.decode()
    assert CrosswalkVersion.objects.count() == 1


def test_what_was_compared_with_an_older_version_is_shown_again(
    client: Client, administrator: User
) -> None:
    seal = client.post(ADD, crosswalk(blocker_points=9)).context["seal"]
    save(client, blocker_points=8)
    page = client.post(ADD, crosswalk(blocker_points=9) | {"_save": "1", "seal": seal})
    assert page.status_code == 200
    assert CrosswalkVersion.objects.count() == 2


def test_the_version_in_force_has_nothing_to_save(client: Client, administrator: User) -> None:
    page = client.post(ADD, crosswalk()).content.decode()
    assert "there is nothing to save" in page
    assert "Save this version" not in page


@pytest.mark.parametrize(
    "wrong",
    [{"blocker_points": 11}, {"blocker_points": ""}, {"churn_risk_severity": "P9"},
     {"important_value": 4}],
)  # fmt: skip
def test_a_crosswalk_out_of_range_is_refused(
    client: Client, administrator: User, wrong: dict[str, object]
) -> None:
    answer = client.post(ADD, crosswalk(**wrong) | {"_save": "1"})
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert CrosswalkVersion.objects.count() == 1


def test_a_crosswalk_in_force_is_never_changed(client: Client, administrator: User) -> None:
    version = CrosswalkVersion.objects.get()
    address = reverse("admin:intake_crosswalkversion_change", args=[version.pk])
    assert "We may leave or shrink" in client.get(address).content.decode()
    assert client.post(address, crosswalk(blocker_points=1)).status_code == 403
    delete = reverse("admin:intake_crosswalkversion_delete", args=[version.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    version.refresh_from_db()
    assert version.table["blocker"]["points"] == 7


def test_a_tam_looks_and_tunes_nothing(client: Client, tam: User) -> None:
    client.force_login(tam)
    assert client.get(ADD).status_code == 403
    assert client.post(ADD, crosswalk(blocker_points=8)).status_code == 403
    assert client.get(reverse("admin:intake_crosswalkversion_changelist")).status_code == 200


def test_the_preview_counts_what_would_change_and_names_the_largest(
    client: Client, administrator: User, tie: Callable[..., CustomerLink]
) -> None:
    tie("Alder Works", "blocker")
    tie("Birch Bank", "important", "blocker")
    tie("Cedar Health", "churn_risk", "blocker")  # its highest stays
    tie("Dogwood", "blocker", points_override=2)
    tie("Elm Trust", "blocker", hand_set=9)
    CustomerLink.objects.filter(account__name="Alder Works").update(note_state="posted")
    preview = client.post(ADD, crosswalk(blocker_points=9, important_points=5)).context["preview"]
    assert (preview.links, preview.requests, preview.notes) == (2, 4, 1)
    assert [(m.account, m.before, m.after) for m in preview.movers] == [
        ("Alder Works", 7, 9),
        ("Birch Bank", 7, 9),
    ]
    changed = {line.label: line.requests for line in preview.lines if line.is_changed}
    assert changed == {"Blocker": 5, "Important": 1}


def test_the_preview_says_what_counting_does(
    administrator: User, client: Client, tie: Callable[..., CustomerLink]
) -> None:
    links = [
        tie("Alder Works", "blocker"),
        tie("Birch Bank", "nice_to_have", "important"),
        tie("Elm Trust", "important", hand_set=3),
    ]
    changed = crosswalk(blocker_points=2, important_points=10)
    preview = client.post(ADD, changed).context["preview"]
    told = {mover.link: (mover.before, mover.after) for mover in preview.movers}

    def count() -> dict[int, int]:
        for link in links:
            recount_demand(link, now=NOW)
        return {link.pk: link.demands.get().points for link in links}

    before = count()
    save(client, blocker_points=2, important_points=10)
    after = count()
    assert told == {pk: (before[pk], after[pk]) for pk in before if before[pk] != after[pk]}


def test_the_preview_asks_a_fixed_number_of_questions(
    tie: Callable[..., CustomerLink], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        tie(f"Account {number}", "blocker", "important")
    table = CrosswalkVersion.objects.get().table
    table["blocker"]["points"] = 9
    with django_assert_max_num_queries(6):
        preview = preview_crosswalk(table)
    assert (preview.links, len(preview.movers)) == (30, 20)
