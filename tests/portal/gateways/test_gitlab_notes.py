"""Comments in the sandbox, over HTTP; and what is known when a post goes wrong."""

from datetime import timedelta
from typing import Any

import pytest

from portal.gateways.errors import Misconfigured, Missing, Refused, Unavailable
from portal.gateways.gitlab import GitLabGateway
from portal.gateways.records import IssueKey
from portal.sandbox.client import Fault, Sandbox
from tests.portal.gateways.gitlab_planting import PUBLIC, open_gateway, plant


class TestNotes:
    def test_all_comments_and_no_system_notes(
        self, sandbox: Sandbox, gateway: GitLabGateway
    ) -> None:
        key = plant(sandbox)
        for number in range(130):
            sandbox.act(key.project_id, key.iid, "note", body=f"Comment {number}")
        sandbox.act(key.project_id, key.iid, "labels", add=["customer"])
        notes = list(gateway.notes(key))
        assert [note.body for note in notes] == [f"Comment {number}" for number in range(130)]

    def test_pages_that_are_short_are_followed(
        self, sandbox: Sandbox, gateway: GitLabGateway
    ) -> None:
        key = plant(sandbox)
        for number in range(130):
            sandbox.act(key.project_id, key.iid, "note", body=f"Comment {number}")
        sandbox.add_faults(
            Fault(
                service="gitlab",
                method="GET",
                path=r"/notes$",
                fault="short_page",
                parameters={"drop": 3},
            )
        )
        assert "Comment 120" in {note.body for note in gateway.notes(key)}

    @pytest.mark.parametrize("is_internal", [True, False])
    def test_post_edit_delete(
        self, sandbox: Sandbox, gateway: GitLabGateway, is_internal: bool
    ) -> None:
        key = plant(sandbox)
        note = gateway.post_note(key, "A customer asks.", is_internal=is_internal)
        assert (note.body, note.is_internal) == ("A customer asks.", is_internal)
        assert note.author_id == gateway.token().user_id
        edited = gateway.edit_note(key, note.id, "Two customers ask.")
        assert (edited.id, edited.is_internal) == (note.id, is_internal)
        assert [found.body for found in gateway.notes(key)] == ["Two customers ask."]
        gateway.delete_note(key, note.id)
        assert list(gateway.notes(key)) == []

    def test_what_is_gone_is_missing(self, sandbox: Sandbox, gateway: GitLabGateway) -> None:
        key = plant(sandbox)
        with pytest.raises(Missing):
            gateway.edit_note(key, 99999, "x")
        with pytest.raises(Missing):
            gateway.delete_note(key, 99999)

    def test_another_persons_comment_is_not_ours_to_change(self, sandbox: Sandbox) -> None:
        key = plant(sandbox)
        note = sandbox.act(key.project_id, key.iid, "note", body="Mine")
        reporter = open_gateway(sandbox, "reporter-token")
        with pytest.raises(Refused):
            reporter.edit_note(key, note["id"], "Not mine")
        with pytest.raises(Refused):
            reporter.delete_note(key, note["id"])

    def test_commands_only_is_refused(self, sandbox: Sandbox, gateway: GitLabGateway) -> None:
        key = plant(sandbox)
        with pytest.raises(Refused):
            gateway.post_note(key, "/label ~customer", is_internal=False)

    def test_a_comment_for_nobody_is_refused(self, gateway: GitLabGateway) -> None:
        with pytest.raises(Refused):
            gateway.post_note(IssueKey(PUBLIC, 999), "Hello", is_internal=False)

    def test_an_empty_comment_is_refused(self, sandbox: Sandbox, gateway: GitLabGateway) -> None:
        with pytest.raises(Refused):
            gateway.post_note(plant(sandbox), "", is_internal=False)

    def test_an_internal_note_that_came_out_public_is_taken_back(self, sandbox: Sandbox) -> None:
        key = plant(sandbox)
        with pytest.raises(Refused) as caught:
            open_gateway(sandbox, "guest-token").post_note(key, "Secret", is_internal=True)
        assert type(caught.value).__name__ == "InternalNotesForbidden"
        assert sandbox.notes(key.project_id, key.iid, deleted=False) == []

    def test_a_token_that_may_only_read(self, sandbox: Sandbox) -> None:
        with pytest.raises(Misconfigured):
            open_gateway(sandbox, "readonly-token").post_note(
                plant(sandbox), "Hello", is_internal=False
            )


class TestWriteFaults:
    def post(self, sandbox: Sandbox, fault: Fault, **limits: Any) -> tuple[Unavailable, int]:
        """The failure, and how many comments are there afterwards."""
        key = plant(sandbox)
        sandbox.add_faults(fault)
        with pytest.raises(Unavailable) as caught:
            open_gateway(sandbox, **limits).post_note(key, "Hello", is_internal=False)
        sandbox.clear_faults()
        return caught.value, len(sandbox.notes(key.project_id, key.iid))

    @pytest.mark.parametrize(
        "fault", ["reset_after_commit", "truncate_after_commit", "bad_json_after_commit"]
    )
    def test_a_lost_answer_says_so(self, sandbox: Sandbox, fault: str) -> None:
        failure, count = self.post(sandbox, on_post(fault))
        assert failure.may_have_written
        assert count == 1

    @pytest.mark.parametrize("fault", ["reset_before", "500", "502_html", "503"])
    def test_trouble_before_the_write_cannot_be_told_apart(
        self, sandbox: Sandbox, fault: str
    ) -> None:
        failure, count = self.post(sandbox, on_post(fault))
        assert failure.may_have_written
        assert count == 0

    @pytest.mark.parametrize(
        ("fault", "wait"), [("429_text", timedelta(seconds=17)), ("429_json", None)]
    )
    def test_slow_down(self, sandbox: Sandbox, fault: str, wait: timedelta | None) -> None:
        extra = {"retry_after": 17} if fault == "429_text" else {}
        failure, count = self.post(sandbox, on_post(fault, **extra))
        assert not failure.may_have_written
        assert failure.retry_after == wait
        assert count == 0

    def test_an_answer_that_drips_is_cut_off(self, sandbox: Sandbox) -> None:
        failure, _ = self.post(
            sandbox, on_post("drip", seconds_per_byte=0.05), write_deadline=0.6, timeout=5
        )
        assert failure.may_have_written
        (event,) = sandbox.events(phase="aborted", wait=10)
        assert (event["method"], event["path"].rsplit("/", 1)[-1]) == ("POST", "notes")

    def test_a_server_that_hangs_is_left(self, sandbox: Sandbox) -> None:
        failure, count = self.post(
            sandbox, on_post("hang", seconds=30), write_deadline=0.5, timeout=5
        )
        assert failure.may_have_written
        assert count == 0

    @pytest.mark.parametrize("fault", ["401", "403"])
    def test_the_token_as_a_whole(self, sandbox: Sandbox, fault: str) -> None:
        key = plant(sandbox)
        sandbox.add_faults(on_post(fault))
        with pytest.raises(Misconfigured):
            open_gateway(sandbox).post_note(key, "Hello", is_internal=False)


def on_post(fault: str, **parameters: Any) -> Fault:
    return Fault(
        service="gitlab",
        method="POST",
        path=r"/notes$",
        fault=fault,
        first=1,
        parameters=parameters,
    )
