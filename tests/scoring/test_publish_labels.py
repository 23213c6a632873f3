"""The command, the worker's task, the doctor and the admin page of the score labels."""

import time
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils.module_loading import autodiscover_modules
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from intake.models import Issue, Project
from portal.doctor.registry import run_tries
from portal.gateways.gitlab import GitLabGateway
from portal.models import Door, Role, User
from portal.sandbox.client import Sandbox
from scoring import tasks
from scoring.models import PublishedLabels
from tests.scoring.label_desk import ALL_OF_OURS, LabelDesk, row_of

pytestmark = pytest.mark.django_db
autodiscover_modules("doctor")
SCORE_1, SCORE_2 = "customer-priority-score::1", "customer-priority-score::2"


@pytest.fixture
def desk(sandbox: Sandbox, gitlab: GitLabGateway, settings: Settings) -> LabelDesk:
    settings.SCORE_LABELS = True
    return LabelDesk(sandbox, gitlab)


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("publish_labels", *arguments, stdout=out)
    return out.getvalue()


def pass_time(waits: list[float], seconds: float) -> None:
    """Waiting, without the wait: whatever was put off is due."""
    waits.append(seconds)
    PublishedLabels.objects.filter(refusal="").update(due_at=None)


class TestCommand:
    def test_it_writes_with_progress(
        self, desk: LabelDesk, capfd: pytest.CaptureFixture[str]
    ) -> None:
        issues = [desk.plant("backlog") for _ in range(3)]
        run()
        assert "Writing labels: 3 issues in" in capfd.readouterr().out
        assert all(desk.labels(issue) == {"backlog"} | ALL_OF_OURS for issue in issues)
        run()
        assert "Writing labels: 0 issues in" in capfd.readouterr().out

    def test_a_dry_run_shows_the_difference_and_asks_nobody(
        self, desk: LabelDesk, settings: Settings
    ) -> None:
        settings.SCORE_LABELS = False
        issue, other = desk.plant("backlog"), desk.plant("customer-urgency::nice-to-have")
        desk.publish()
        desk.score(issue, bucket=2)
        start = desk.sandbox.last_seq()
        told = run("--dry-run")
        assert told.splitlines() == [
            f"larkfield/platform#{issue.iid}",
            f"  + {SCORE_2}",
            f"  - {SCORE_1}",
            f"larkfield/platform#{other.iid}",
            "  ? customer-urgency::nice-to-have stays: it is not known to be ours",
            "Issues to write to: 1; labels to add: 1, to remove: 1. Nothing was written.",
        ]
        assert desk.sandbox.events(start, service="gitlab") == []
        assert desk.labels(issue) == {"backlog"} | ALL_OF_OURS

    def test_a_dry_run_of_taking_back(self, desk: LabelDesk) -> None:
        desk.plant("backlog")
        desk.publish()
        told = run("--dry-run", "--take-back")
        assert told.endswith(
            "Issues to write to: 1; labels to add: 0, to remove: 3. Nothing was written.\n"
        )

    def test_taking_back_leaves_none_of_ours(
        self, desk: LabelDesk, settings: Settings, capfd: pytest.CaptureFixture[str]
    ) -> None:
        issues = [desk.plant("backlog") for _ in range(3)]
        run()
        settings.SCORE_LABELS = False
        assert "No issue carries a label of ours any more." in run("--take-back")
        assert all(desk.labels(issue) == {"backlog"} for issue in issues)

    def test_taking_back_says_what_it_could_not_reach(
        self, desk: LabelDesk, settings: Settings
    ) -> None:
        desk.plant()
        hidden = desk.plant(project_id=102)
        run()
        settings.SCORE_LABELS = False
        Project.objects.filter(pk=hidden.project.pk).update(is_lost=True)
        with pytest.raises(CommandError, match="carry labels of ours: 1, 1 of them in projects"):
            run("--take-back")

    def test_the_setting_is_the_switch(self, desk: LabelDesk, settings: Settings) -> None:
        issue = desk.plant()
        with pytest.raises(CommandError, match="SCORE_LABELS is on: the worker would put them"):
            run("--take-back")
        settings.SCORE_LABELS = False
        with pytest.raises(CommandError, match=r"SCORE_LABELS is off: nothing is written\."):
            run()
        assert desk.labels(issue) == set()

    def test_it_waits_as_long_as_gitlab_asks(
        self,
        desk: LabelDesk,
        monkeypatch: pytest.MonkeyPatch,
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        issues = [desk.plant() for _ in range(4)]
        desk.strike("429_text", nth=2, parameters={"retry_after": 1})
        desk.strike("429_text", nth=4, parameters={"retry_after": 2})
        waits: list[float] = []
        monkeypatch.setattr(time, "sleep", lambda seconds: pass_time(waits, seconds))
        run()
        assert waits == [1, 2]
        assert all(desk.labels(issue) == ALL_OF_OURS for issue in issues)
        assert "Writing labels: 4 issues in" in capfd.readouterr().out

    def test_it_does_not_wait_for_ever(
        self, desk: LabelDesk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for _ in range(9):
            desk.plant()
        desk.strike("429_text", nth=None, parameters={"retry_after": 1})
        waits: list[float] = []
        monkeypatch.setattr(time, "sleep", lambda seconds: pass_time(waits, seconds))
        with pytest.raises(CommandError, match="asks to slow down"):
            run()
        assert waits == [1] * 5
        desk.sandbox.clear_faults()
        desk.strike("429_text", parameters={"retry_after": 3600})
        with pytest.raises(CommandError, match="asks to slow down"):
            run()
        assert waits == [1] * 5

    def test_it_tells_of_lost_answers_and_refusals(self, desk: LabelDesk) -> None:
        for _ in range(3):
            desk.plant()
        desk.strike("403", nth=1)
        desk.strike("500", nth=2)
        told = run()
        assert "Issues that GitLab refused: 1." in told
        assert "Issues whose answer was lost: 1." in told

    def test_one_that_a_person_took_off_does_not_count_as_left(
        self, desk: LabelDesk, settings: Settings
    ) -> None:
        issue = desk.plant("backlog")
        run()
        desk.act(issue, "labels", remove=[SCORE_1])
        desk.mirror()
        settings.SCORE_LABELS = False
        assert "No issue carries a label of ours any more." in run("--take-back")
        assert desk.labels(issue) == {"backlog"}

    def test_nor_do_those_of_an_issue_that_is_gone(
        self, desk: LabelDesk, settings: Settings
    ) -> None:
        issue = desk.plant()
        run()
        Issue.objects.filter(pk=issue.pk).update(is_gone=True)
        settings.SCORE_LABELS = False
        assert "No issue carries a label of ours any more." in run("--take-back")

    def test_it_says_what_stopped_it_and_goes_on_next_time(self, desk: LabelDesk) -> None:
        issues = [desk.plant() for _ in range(3)]
        desk.strike("401", nth=2)
        with pytest.raises(CommandError, match=r"does not accept the token.*where it stopped"):
            run()
        assert Door.objects.get(service="gitlab").is_shut
        run()
        assert all(desk.labels(issue) == ALL_OF_OURS for issue in issues)


class TestTask:
    def test_it_publishes_a_batch_when_switched_on(
        self, desk: LabelDesk, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tasks, "PUBLISH_BATCH", 2)
        issues = [desk.plant() for _ in range(3)]
        settings.SCORE_LABELS = False
        tasks.publish_labels()
        assert not any(desk.labels(issue) for issue in issues)
        settings.SCORE_LABELS = True
        tasks.publish_labels()
        assert [bool(desk.labels(issue)) for issue in issues] == [True, True, False]

    def test_a_shut_door_is_not_knocked_at(self, desk: LabelDesk) -> None:
        desk.plant()
        Door.objects.create(service="gitlab", is_shut=True, changed_at=desk.now)
        start = desk.sandbox.last_seq()
        tasks.publish_labels()
        assert desk.sandbox.events(start, service="gitlab") == []

    def test_a_refused_token_shuts_the_door(self, desk: LabelDesk) -> None:
        desk.plant()
        desk.strike("401")
        tasks.publish_labels()
        assert Door.objects.get(service="gitlab").is_shut


class TestDoctor:
    @staticmethod
    def told() -> str:
        return "\n".join(
            f"{found.health}: {found.what} {found.advice}".rstrip()
            for _, found in run_tries(["Score labels"])
        )

    def test_it_says_whether_labels_are_written(self, desk: LabelDesk, settings: Settings) -> None:
        desk.plant()
        desk.publish()
        assert self.told() == "fine: SCORE_LABELS is on. Issues with labels of ours: 1."
        settings.SCORE_LABELS = False
        assert self.told().startswith("look: SCORE_LABELS is off: nothing is written any more.")
        assert "publish_labels --take-back" in self.told()
        desk.publish(take_back=True)
        assert self.told() == "fine: SCORE_LABELS is off: nothing is written to GitLab."

    def test_it_tells_of_refusals(self, desk: LabelDesk) -> None:
        desk.plant()
        desk.strike("403")
        desk.publish()
        assert "look: Issues whose labels GitLab refused: 1." in self.told()


class TestAdmin:
    def test_the_list_tells_what_is_to_be_done(
        self, desk: LabelDesk, client: Client, make_user: Callable[..., User]
    ) -> None:
        issue, other = desk.plant(), desk.plant("customer-urgency::nice-to-have")
        desk.publish()
        desk.score(issue, bucket=2)
        client.force_login(make_user("pm@larkfield.example", role=Role.PRODUCT_MANAGER))
        page = client.get(reverse("admin:scoring_publishedlabels_changelist")).content.decode()
        assert f"add {SCORE_2}; remove {SCORE_1}" in page
        assert "leave customer-urgency::nice-to-have: not ours" in page
        assert str(other) in page

    def test_its_queries_do_not_grow_with_the_rows(
        self,
        desk: LabelDesk,
        client: Client,
        make_user: Callable[..., User],
        django_assert_max_num_queries: DjangoAssertNumQueries,
        sandbox: Sandbox,
    ) -> None:
        for _ in range(6):
            desk.plant()
        desk.publish()
        client.force_login(make_user("pm@larkfield.example", role=Role.PRODUCT_MANAGER))
        with django_assert_max_num_queries(8):
            client.get(reverse("admin:scoring_publishedlabels_changelist"))

    def test_refused_ones_can_be_picked(
        self, desk: LabelDesk, client: Client, make_user: Callable[..., User]
    ) -> None:
        refused, fine = desk.plant(), desk.plant()
        desk.strike("403")
        desk.publish()
        Issue.objects.filter(pk=refused.pk).update(title="The refused one")
        Issue.objects.filter(pk=fine.pk).update(title="The fine one")
        client.force_login(make_user("pm@larkfield.example", role=Role.PRODUCT_MANAGER))
        address = reverse("admin:scoring_publishedlabels_changelist")
        page = client.get(address, {"refused": "yes"}).content.decode()
        assert "The refused one" in page
        assert "The fine one" not in page
        assert row_of(refused).refusal in page
