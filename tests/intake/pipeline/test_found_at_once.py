"""Several workers at the same issues: mirror, comments and counting meet in the rows."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from intake.models import CrosswalkVersion, CustomerLink, Demand, FoundLink, Issue
from intake.pipeline.count_demand import count_due_demand
from intake.pipeline.mirror import mirror_project
from intake.pipeline.read_notes import read_due_notes
from portal.gateways.gitlab import GitLabGateway
from portal.models import Account
from portal.sandbox.client import Sandbox
from tests.intake.conftest import Clock
from tests.intake.gitlab_desk import PLATFORM, Desk, link_to
from tests.portal_fixtures import ACCOUNT_ID, NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def together() -> Callable[[list[Callable[[], object]]], None]:
    """Run all at the same moment, each on a connection of its own; the first error is raised."""
    if connection.vendor == "sqlite":
        pytest.skip("needs a database that several connections share")

    def run(acts: list[Callable[[], object]]) -> None:
        gate = Barrier(len(acts))

        def go(act: Callable[[], object]) -> None:
            try:
                gate.wait(10)
                act()
            finally:
                connection.close()

        with ThreadPoolExecutor(len(acts)) as pool:
            for done in [pool.submit(go, act) for act in acts]:
                done.result()

    return run


def test_links_are_found_and_counted_once(
    sandbox: Sandbox,
    gitlab: GitLabGateway,
    clock: Clock,
    account: Account,
    together: Callable[[list[Callable[[], object]]], None],
) -> None:
    if not CrosswalkVersion.objects.exists():  # emptied by an earlier test of this kind
        table = {"important": {"points": 4, "severity": "P1", "value": 2, "pilot_urgency": 2}}
        CrosswalkVersion.objects.create(number=1, table=table, created_at=NOW)
    desk = Desk(sandbox, gitlab, clock)
    numbers = desk.plant(12, description=link_to(ACCOUNT_ID, 2))
    for iid in numbers:
        desk.write(iid, link_to(ACCOUNT_ID, 6))
    mirror_project(PLATFORM, gitlab=gitlab, clock=clock)

    def gateway() -> GitLabGateway:
        return GitLabGateway(sandbox.gitlab_url, "sandbox-token", timeout=5, write_deadline=5)

    Issue.objects.filter(iid__in=numbers[:6]).update(labels=["lost"])  # read as changed again
    together(
        [
            lambda: read_due_notes(gitlab=gateway(), clock=clock),
            lambda: read_due_notes(gitlab=gateway(), clock=clock),
            lambda: mirror_project(PLATFORM, gitlab=gateway(), clock=clock, everything=True),
            lambda: count_due_demand(clock=clock),
        ]
    )
    desk.read()
    assert FoundLink.objects.count() == 24
    assert CustomerLink.objects.count() == Demand.objects.count() == 12
    assert set(CustomerLink.objects.values_list("note_state", "hand_set_points")) == {("found", 6)}
    assert set(Demand.objects.values_list("points", flat=True)) == {6}
