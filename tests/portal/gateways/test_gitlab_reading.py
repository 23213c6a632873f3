"""Projects and issues as the portal reads them from the sandbox, over HTTP."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal.gateways.errors import Misconfigured, Missing, Unavailable
from portal.gateways.gitlab import GitLabGateway
from portal.gateways.records import IssueKey, IssueRecord, Visibility
from portal.sandbox.client import Fault, Sandbox
from tests.portal.gateways.gitlab_planting import PRIVATE, PUBLIC, open_gateway, plant


class TestTokenAndProject:
    def test_the_token(self, gateway: GitLabGateway) -> None:
        token = gateway.token()
        assert (token.user_id, token.username) == (9001, "portal-bot")
        assert token.scopes == ("api",)
        assert token.expires_on == date(2027, 10, 1)

    @pytest.mark.parametrize("token", ["expired-token", "no-such-token"])
    def test_a_token_that_does_not_work(self, sandbox: Sandbox, token: str) -> None:
        with pytest.raises(Misconfigured):
            open_gateway(sandbox, token).token()

    def test_its_owner(self, gateway: GitLabGateway) -> None:
        assert gateway.own_user_id() == gateway.own_user_id() == gateway.token().user_id

    def test_the_version(self, gateway: GitLabGateway) -> None:
        assert gateway.version().split(".")[0].isdigit()

    @pytest.mark.parametrize("ref", [PUBLIC, "larkfield/platform"])
    def test_a_project_by_number_or_path(self, gateway: GitLabGateway, ref: int | str) -> None:
        project = gateway.project(ref)
        assert (project.id, project.path) == (PUBLIC, "larkfield/platform")
        assert project.visibility is Visibility.PUBLIC
        assert project.can_write_internal_notes

    def test_roles(self, sandbox: Sandbox) -> None:
        guest = open_gateway(sandbox, "guest-token").project(PUBLIC)
        outsider = open_gateway(sandbox, "outsider-token").project(PUBLIC)
        assert (guest.access_level, outsider.access_level) == (10, None)
        assert not guest.can_write_internal_notes
        assert not outsider.can_write_internal_notes

    def test_a_project_without_access_is_missing(self, sandbox: Sandbox) -> None:
        with pytest.raises(Missing):
            open_gateway(sandbox, "outsider-token").project(PRIVATE)


class TestIssue:
    def test_everything_of_it(self, sandbox: Sandbox, gateway: GitLabGateway) -> None:
        sandbox.seed(
            {"milestones": [{"project_id": PUBLIC, "title": "18.9", "due_on": "2026-12-15"}]}
        )
        key = plant(sandbox, labels=["customer", "type::feature"], weight=3, milestone="18.9")
        issue = gateway.issue(key)
        assert (issue.key, issue.title, issue.description) == (key, "Dark mode", "Please.")
        assert set(issue.labels) == {"customer", "type::feature"}
        assert issue.weight == 3
        assert issue.milestone is not None
        assert (issue.milestone.title, issue.milestone.due_on) == ("18.9", date(2026, 12, 15))
        assert not issue.milestone.is_closed
        assert (issue.is_closed, issue.is_confidential, issue.has_gone_on) == (False, False, False)
        assert issue.updated_at.tzinfo is UTC
        assert issue.closed_at is None

    def test_closed_and_confidential(self, sandbox: Sandbox, gateway: GitLabGateway) -> None:
        key = plant(sandbox, confidential=True)
        sandbox.act(key.project_id, key.iid, "close")
        issue = gateway.issue(key)
        assert issue.is_closed
        assert issue.is_confidential
        assert issue.closed_at is not None

    def test_gone_is_missing(self, gateway: GitLabGateway) -> None:
        with pytest.raises(Missing):
            gateway.issue(IssueKey(PUBLIC, 999))


class TestIssuePages:
    def plant_many(self, sandbox: Sandbox, count: int) -> None:
        sandbox.seed(
            {
                "issues": [
                    {
                        "project_id": PUBLIC,
                        "title": f"Wish {number}",
                        "description": "",
                        "created_at": "2026-01-01T08:00:00Z",
                        "updated_at": f"2026-01-{1 + number % 28:02d}T10:00:{number % 60:02d}Z",
                    }
                    for number in range(count)
                ]
            }
        )

    def collect(self, gateway: GitLabGateway, **window: Any) -> list[IssueRecord]:
        window.setdefault("updated_after", None)
        pages = gateway.issue_pages(PUBLIC, **window)
        return [issue for page, _ in pages for issue in page]

    def test_every_issue_once_with_the_total(
        self, sandbox: Sandbox, gateway: GitLabGateway
    ) -> None:
        self.plant_many(sandbox, 250)
        pages = list(gateway.issue_pages(PUBLIC, updated_after=None))
        assert [(len(page), total) for page, total in pages] == [(100, 250), (100, 250), (50, 250)]
        issues = [issue for page, _ in pages for issue in page]
        assert len({issue.key for issue in issues}) == 250
        assert [issue.updated_at for issue in issues] == sorted(i.updated_at for i in issues)

    def test_no_issues_no_pages(self, gateway: GitLabGateway) -> None:
        assert list(gateway.issue_pages(PUBLIC, updated_after=None)) == []

    def test_only_those_that_changed(self, sandbox: Sandbox, gateway: GitLabGateway) -> None:
        self.plant_many(sandbox, 28)
        found = self.collect(gateway, updated_after=datetime(2026, 1, 20, 0, 0, tzinfo=UTC))
        assert {issue.updated_at.day for issue in found} == set(range(20, 29))

    def test_the_window_is_understood_in_any_time_zone(
        self, sandbox: Sandbox, gateway: GitLabGateway
    ) -> None:
        self.plant_many(sandbox, 28)
        moment = datetime(2026, 1, 20, 0, 0, tzinfo=UTC)
        in_tokyo = moment.astimezone(ZoneInfo("Asia/Tokyo"))
        assert len(self.collect(gateway, updated_after=in_tokyo)) == 9

    def test_a_short_page_is_not_the_end(self, sandbox: Sandbox, gateway: GitLabGateway) -> None:
        self.plant_many(sandbox, 250)
        sandbox.add_faults(
            Fault(
                service="gitlab",
                method="GET",
                path=r"/issues$",
                fault="short_page",
                parameters={"drop": 7},
            )
        )
        assert len(self.collect(gateway)) > 200

    def test_an_issue_that_changes_meanwhile_hides_no_other(
        self, sandbox: Sandbox, gateway: GitLabGateway
    ) -> None:
        self.plant_many(sandbox, 150)
        pages = gateway.issue_pages(PUBLIC, updated_after=None)
        first, _ = next(pages)
        sandbox.act(PUBLIC, first[0].key.iid, "title", title="Changed meanwhile")
        seen = {issue.key for issue in first} | {i.key for page, _ in pages for i in page}
        assert len(seen) == 150

    def test_trouble_in_the_middle(self, sandbox: Sandbox, gateway: GitLabGateway) -> None:
        self.plant_many(sandbox, 150)
        pages = gateway.issue_pages(PUBLIC, updated_after=None)
        assert len(next(pages)[0]) == 100
        sandbox.add_faults(Fault(service="gitlab", method="GET", path=r"/issues$", fault="500"))
        with pytest.raises(Unavailable):
            next(pages)
