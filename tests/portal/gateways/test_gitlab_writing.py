"""Issues opened, closed, labelled and followed in the sandbox, over HTTP."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.gateways.errors import Missing, Refused, Unavailable
from portal.gateways.gitlab import GitLabGateway
from portal.gateways.records import IssueKey, Successor
from portal.sandbox.client import Fault, Sandbox
from tests.portal.gateways.gitlab_planting import PRIVATE, PUBLIC, open_gateway, plant


class TestWritingIssues:
    def test_create_and_find_by_marker(self, sandbox: Sandbox, gateway: GitLabGateway) -> None:
        marker = "portal-ref: 0b2f6a52-6f0e-4b63-9a0c-1f6f6d1b7c11"
        assert gateway.find_issue_by_marker(PUBLIC, marker) is None
        created = gateway.create_issue(
            PUBLIC,
            title="Export to PDF",
            description=f"Customers ask for it.\n\n{marker}",
            labels=["customer", "type::feature"],
            is_confidential=True,
        )
        assert created.is_confidential
        assert set(created.labels) == {"customer", "type::feature"}
        found = gateway.find_issue_by_marker(PUBLIC, marker)
        assert found is not None
        assert found.key == created.key

    def test_the_marker_must_really_be_there(
        self, sandbox: Sandbox, gateway: GitLabGateway
    ) -> None:
        plant(sandbox, description="portal-ref: 11111111")
        assert gateway.find_issue_by_marker(PUBLIC, "portal-ref: 1111") is not None
        assert gateway.find_issue_by_marker(PUBLIC, "portal-ref: 2222") is None

    def test_the_oldest_of_two_counts(self, sandbox: Sandbox, gateway: GitLabGateway) -> None:
        keys = [plant(sandbox, description="portal-ref: abcd") for _ in range(2)]
        found = gateway.find_issue_by_marker(PUBLIC, "portal-ref: abcd")
        assert found is not None
        assert found.key == keys[0]

    def test_a_title_is_needed(self, gateway: GitLabGateway) -> None:
        with pytest.raises(Refused, match="title"):
            gateway.create_issue(
                PUBLIC, title="", description="x", labels=[], is_confidential=False
            )

    def test_a_lost_answer_says_so(self, sandbox: Sandbox, gateway: GitLabGateway) -> None:
        sandbox.add_faults(
            Fault(service="gitlab", method="POST", path=r"/issues$", fault="reset_after_commit")
        )
        with pytest.raises(Unavailable) as caught:
            gateway.create_issue(
                PUBLIC, title="a", description="portal-ref: z9", labels=[], is_confidential=False
            )
        assert caught.value.may_have_written
        assert gateway.find_issue_by_marker(PUBLIC, "portal-ref: z9") is not None

    def test_close(self, sandbox: Sandbox, gateway: GitLabGateway) -> None:
        key = plant(sandbox)
        assert gateway.close_issue(key).is_closed
        assert gateway.close_issue(key).is_closed

    def test_labels_of_others_stay(self, sandbox: Sandbox, gateway: GitLabGateway) -> None:
        key = plant(sandbox, labels=["theirs", "old"])
        gateway.issue(key)
        sandbox.act(key.project_id, key.iid, "labels", add=["meanwhile"])
        changed = gateway.change_labels(key, add=("ours",), remove=("old",))
        assert set(changed.labels) == {"theirs", "meanwhile", "ours"}

    def test_who_set_each_label(self, sandbox: Sandbox, gateway: GitLabGateway) -> None:
        key = plant(sandbox, labels=["theirs", "priority::low"])
        gateway.change_labels(key, add=("ours", "priority::high"))
        sandbox.act(key.project_id, key.iid, "labels", remove=["ours"])
        own, dana = gateway.own_user_id(), 7001
        assert gateway.find_label_setters(key) == {"theirs": dana, "priority::high": own}
        sandbox.act(key.project_id, key.iid, "labels", add=["ours"], author="miles")
        assert gateway.find_label_setters(key)["ours"] not in {own, dana}

    def test_a_moved_issue_still_tells_who_set_its_labels(
        self, sandbox: Sandbox, gateway: GitLabGateway
    ) -> None:
        key = plant(sandbox, labels=["theirs"])
        gateway.change_labels(key, add=("ours",))
        sandbox.act(key.project_id, key.iid, "move", to_project_id=PRIVATE)
        successor = gateway.successor(key)
        assert successor is not None
        assert gateway.find_label_setters(successor.key) == {
            "theirs": 7001,
            "ours": gateway.own_user_id(),
        }

    def test_labels_that_are_not_set_are_a_refusal(self, sandbox: Sandbox) -> None:
        """GitLab leaves them out without a word where the role is too low."""
        key = plant(sandbox, author_id=9004)
        with pytest.raises(Refused, match="as they were"):
            open_gateway(sandbox, "guest-token").change_labels(key, add=("ours",))

    @pytest.mark.parametrize(
        "call",
        [
            lambda gateway, key: gateway.close_issue(key),
            lambda gateway, key: gateway.change_labels(key, add=("a",)),
        ],
    )
    def test_changing_what_is_gone_is_missing(
        self, gateway: GitLabGateway, call: Callable[[GitLabGateway, IssueKey], Any]
    ) -> None:
        with pytest.raises(Missing):
            call(gateway, IssueKey(PUBLIC, 999))


class TestSuccessor:
    def test_an_open_issue_has_none(self, sandbox: Sandbox, gateway: GitLabGateway) -> None:
        assert gateway.successor(plant(sandbox)) is None

    def test_moved(self, sandbox: Sandbox, gateway: GitLabGateway) -> None:
        key = plant(sandbox)
        sandbox.act(key.project_id, key.iid, "move", to_project_id=PRIVATE)
        assert gateway.issue(key).has_gone_on
        successor = gateway.successor(key)
        assert successor is not None
        assert (successor.key.project_id, successor.reason) == (PRIVATE, "moved")
        assert gateway.issue(successor.key).title == "Dark mode"

    def test_moved_where_the_token_cannot_see(self, sandbox: Sandbox) -> None:
        key = plant(sandbox)
        sandbox.act(key.project_id, key.iid, "move", to_project_id=PRIVATE)
        assert open_gateway(sandbox, "outsider-token").successor(key) is None

    def test_duplicate(self, sandbox: Sandbox, gateway: GitLabGateway) -> None:
        key, original = plant(sandbox), plant(sandbox, title="The original")
        sandbox.act(
            key.project_id,
            key.iid,
            "duplicate",
            of_project_id=original.project_id,
            of_iid=original.iid,
        )
        assert gateway.issue(key).has_gone_on
        assert gateway.successor(key) == Successor(original, "duplicate")

    def test_pages_tell_who_went_on(self, sandbox: Sandbox, gateway: GitLabGateway) -> None:
        key, stays = plant(sandbox), plant(sandbox)
        sandbox.act(key.project_id, key.iid, "move", to_project_id=PRIVATE)
        ((page, _),) = gateway.issue_pages(PUBLIC, updated_after=None)
        assert {issue.key: issue.has_gone_on for issue in page} == {key: True, stays: False}
