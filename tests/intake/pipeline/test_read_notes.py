"""Reading comments: which issues, in what order, and what happens when GitLab does not answer."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings

from intake.models import CustomerLink, Demand, FoundLink, Issue, Project, WebhookEvent
from intake.pipeline.hooks import handle_webhooks
from intake.pipeline.mirror import mirror_project
from intake.pipeline.read_notes import find_due, read_due_notes, wait_for_quiet
from portal.gateways.errors import Unavailable
from portal.gateways.gitlab import GitLabGateway
from portal.gateways.salesforce import SalesforceGateway
from portal.models import Account
from portal.pipeline.accounts import refresh_accounts
from portal.sandbox.client import Fault, Sandbox
from tests.intake.conftest import Clock
from tests.intake.gitlab_desk import PLATFORM, Desk, issue, link_to
from tests.portal_fixtures import ACCOUNT_ID, NOW

pytestmark = pytest.mark.django_db

NOTES = r"/projects/101/issues/\d+/notes$"


@pytest.fixture
def desk(sandbox: Sandbox, gitlab: GitLabGateway, clock: Clock, account: Account) -> Desk:
    return Desk(sandbox, gitlab, clock)


@pytest.fixture
def mirror(gitlab: GitLabGateway, clock: Clock) -> Callable[..., None]:
    def run(*, everything: bool = False) -> None:
        clock.advance(minutes=1)
        mirror_project(PLATFORM, gitlab=gitlab, clock=clock, everything=everything)

    return run


def asked(sandbox: Sandbox, since: int) -> list[int]:
    """The issues whose comments were asked for, in order."""
    paths = [event["path"] for event in sandbox.events(since, phase="answered", path=NOTES)]
    return [int(path.rsplit("/", 2)[1]) for path in paths]


def due() -> list[int]:
    return [row.iid for row in find_due()]


def test_only_issues_with_comments_are_read_and_only_when_they_changed(desk: Desk) -> None:
    quiet, spoken = desk.plant(2)
    desk.write(spoken, "Words alone.")
    since = desk.sandbox.last_seq()
    desk.read()
    assert asked(desk.sandbox, since) == [spoken]
    since = desk.sandbox.last_seq()
    desk.read()
    assert asked(desk.sandbox, since) == []
    desk.write(quiet, link_to(ACCOUNT_ID))
    desk.sandbox.act(101, spoken, "title", title="Another title")
    desk.read()
    assert sorted(asked(desk.sandbox, since)) == [quiet, spoken]


def test_every_page_of_comments_is_read(desk: Desk) -> None:
    (iid,) = desk.plant()
    for number in range(110):
        desk.write(iid, f"Word {number}.")
    desk.write(iid, link_to(ACCOUNT_ID, 3))
    desk.read()
    assert FoundLink.objects.get().points == 3


def test_a_comment_that_went_is_noticed_by_the_count(
    desk: Desk, mirror: Callable[..., None]
) -> None:
    (iid,) = desk.plant()
    note = desk.write(iid, link_to(ACCOUNT_ID))
    desk.read()
    desk.delete(iid, note)
    mirror()
    assert due() == [iid]
    assert issue(iid).notes_count == 0


def test_the_nightly_run_reads_every_issue_with_comments_again(
    desk: Desk, mirror: Callable[..., None]
) -> None:
    spoken, _ = desk.plant(2)
    desk.write(spoken, "Words.")
    desk.read()
    mirror(everything=True)
    assert due() == [spoken]


@pytest.mark.parametrize(("kind", "is_due"), [("Note Hook", True), ("Issue Hook", False)])
def test_a_webhook_about_a_comment_has_it_read_again(
    desk: Desk, gitlab: GitLabGateway, clock: Clock, kind: str, is_due: bool
) -> None:
    (iid,) = desk.plant()
    note = desk.write(iid, "Words.")
    desk.read()
    desk.edit(iid, note, link_to(ACCOUNT_ID))
    WebhookEvent.objects.create(
        key="1", kind=kind, project_id=101, issue_iid=iid, received_at=clock.now
    )
    handle_webhooks(gitlab=gitlab, clock=clock)
    assert bool(due()) == is_due
    if is_due:
        desk.read()
        assert FoundLink.objects.count() == 1


def test_a_run_that_breaks_goes_on_where_it_stopped_after_the_time_gitlab_asked_for(
    desk: Desk, mirror: Callable[..., None], gitlab: GitLabGateway, clock: Clock
) -> None:
    numbers = desk.plant(5)
    for iid in numbers:
        desk.write(iid, link_to(ACCOUNT_ID, iid))
    mirror()
    desk.sandbox.add_faults(
        Fault("429_text", service="gitlab", path=NOTES, nth=4, parameters={"retry_after": 30})
    )
    with pytest.raises(Unavailable):
        read_due_notes(gitlab=gitlab, clock=clock)
    assert FoundLink.objects.count() == 3
    assert timedelta(0) < wait_for_quiet(clock())
    since = desk.sandbox.last_seq()
    assert read_due_notes(gitlab=gitlab, clock=clock)
    assert asked(desk.sandbox, since) == []
    clock.now += wait_for_quiet(clock())
    assert read_due_notes(gitlab=gitlab, clock=clock)
    assert len(asked(desk.sandbox, since)) == 2
    assert FoundLink.objects.count() == 5


def test_a_run_ends_when_its_time_is_over_and_loses_nothing(
    desk: Desk, mirror: Callable[..., None], gitlab: GitLabGateway, clock: Clock
) -> None:
    for iid in desk.plant(3):
        desk.write(iid, "Words.")
    mirror()
    looks = iter([False, True])
    assert not read_due_notes(gitlab=gitlab, clock=clock, is_over=lambda: next(looks))
    assert len(due()) == 2


def test_an_issue_that_gitlab_hides_holds_up_nothing(
    desk: Desk, mirror: Callable[..., None], gitlab: GitLabGateway, clock: Clock
) -> None:
    hidden, shown = desk.plant(2)
    for iid in (hidden, shown):
        desk.write(iid, link_to(ACCOUNT_ID))
    desk.read()
    for iid in (hidden, shown):
        desk.write(iid, "More words.")
    mirror()
    desk.sandbox.add_faults(
        Fault("404", service="gitlab", path=rf"/projects/101/issues/{hidden}/notes$")
    )
    assert read_due_notes(gitlab=gitlab, clock=clock)
    assert due() == []
    assert FoundLink.objects.count() == 2  # what it said is kept


def test_nothing_is_read_of_a_project_that_is_hidden(
    desk: Desk, mirror: Callable[..., None]
) -> None:
    (iid,) = desk.plant()
    desk.write(iid, "Words.")
    mirror()
    Project.objects.update(is_lost=True)
    assert due() == []


def test_an_issue_mirrored_before_links_were_read_is_caught_up_with(
    desk: Desk, mirror: Callable[..., None], gitlab: GitLabGateway, clock: Clock
) -> None:
    (iid,) = desk.plant(description=link_to(ACCOUNT_ID, 2))
    mirror()
    FoundLink.objects.all().delete()
    Issue.objects.update(notes_due_at=NOW)  # as the migration asks
    read_due_notes(gitlab=gitlab, clock=clock)
    assert FoundLink.objects.get().points == 2
    assert issue(iid).notes_read_at is not None


def test_nothing_is_forgotten_while_the_salesforce_address_is_not_set(
    desk: Desk, settings: Settings
) -> None:
    (iid,) = desk.plant(description=link_to(ACCOUNT_ID))
    desk.write(iid, link_to(ACCOUNT_ID))
    desk.read()
    settings.SALESFORCE_HOSTS = []
    desk.sandbox.act(101, iid, "title", title="Another title")
    desk.read()
    assert FoundLink.objects.count() == 2


def test_the_demo_world_shows_the_demand_that_is_there(
    sandbox_world: Sandbox, gitlab: GitLabGateway, salesforce: SalesforceGateway, clock: Clock
) -> None:
    sandbox_world.reset(world=True)  # the fixtures of the gateways emptied it
    refresh_accounts(salesforce, since=None, now=NOW)
    before = sandbox_world.notes()
    Desk(sandbox_world, gitlab, clock).read()
    counted = CustomerLink.objects.filter(demands__isnull=False)
    assert counted.values("issue").distinct().count() == 26
    assert counted.distinct().count() >= 60
    assert Demand.objects.filter(kind="growth", opportunity__isnull=False).count() == 3
    twice = CustomerLink.objects.get(
        account__name="Brackenfell Mutual", issue__title__startswith="Custom fields"
    )
    assert twice.hand_set_points == 9  # the later of two comments
    assert sandbox_world.notes() == before
