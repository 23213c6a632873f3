"""The command that reads comments now."""

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from intake.models import CustomerLink, Issue
from intake.pipeline.mirror import mirror_project
from portal.gateways.gitlab import GitLabGateway
from portal.models import Account, Job
from portal.sandbox.client import Fault, Sandbox
from tests.intake.conftest import Clock
from tests.intake.gitlab_desk import PLATFORM, Desk, demands, link_to
from tests.portal_fixtures import ACCOUNT_ID

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(sandbox: Sandbox, gitlab: GitLabGateway, clock: Clock, account: Account) -> Desk:
    desk = Desk(sandbox, gitlab, clock)
    for iid in desk.plant(3):
        desk.write(iid, link_to(ACCOUNT_ID, 5))
    mirror_project(PLATFORM, gitlab=gitlab, clock=clock)
    return desk


def test_it_reads_and_counts_and_says_how_many(
    desk: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    call_command("read_notes")
    assert [demands(link) for link in CustomerLink.objects.all()] == [[("retention", None, 5)]] * 3
    out = capfd.readouterr().out
    assert "Reading comments: 3 issues in" in out
    assert "Counting: 3 customer links in" in out
    call_command("read_notes")
    assert "Reading comments: 0 issues in" in capfd.readouterr().out
    call_command("read_notes", "--everything")
    assert "Reading comments: 3 issues in" in capfd.readouterr().out


def test_it_waits_as_long_as_gitlab_asks(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        Job.objects.filter(pk="read_notes", cursor__has_key="quiet_until").update(cursor={})

    monkeypatch.setattr("intake.management.commands.read_notes.time.sleep", sleep)
    desk.sandbox.add_faults(
        Fault("429_text", service="gitlab", path=r"/notes$", nth=2, parameters={"retry_after": 7})
    )
    call_command("read_notes")
    assert CustomerLink.objects.count() == 3
    assert 6 < max(waits) <= 7


def test_what_does_not_work_is_one_sentence_and_the_next_run_goes_on(desk: Desk) -> None:
    desk.sandbox.add_faults(Fault("500", service="gitlab", path=r"/notes$", nth=2))
    with pytest.raises(CommandError, match="2 issues are left"):
        call_command("read_notes")
    desk.sandbox.clear_faults()
    call_command("read_notes")
    assert not Issue.objects.filter(notes_due_at__isnull=False).exists()


def test_without_a_salesforce_address_it_says_so(desk: Desk, settings: Settings) -> None:
    settings.SALESFORCE_HOSTS = []
    with pytest.raises(CommandError, match="SALESFORCE_DOMAIN"):
        call_command("read_notes")
