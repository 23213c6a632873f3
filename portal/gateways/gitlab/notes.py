"""Comments on issues: all of them, and ours.

Ways of failing: as every call of this package, and
InternalNotesForbidden when an internal note was asked for and the token may not write one.
GitLab has no key that makes a second POST harmless: after Unavailable with `may_have_written`
look at the comments before posting again.
"""

from collections.abc import Iterator

from portal.gateways.deadline import Attempt, begin_attempt
from portal.gateways.errors import (
    GatewayError,
    InternalNotesForbidden,
    Misconfigured,
    Missing,
    Refused,
    Unavailable,
)
from portal.gateways.gitlab.door import Json, understand
from portal.gateways.gitlab.failures import SERVICE, is_about_the_token, narrow_down
from portal.gateways.gitlab.issues import IssueCalls, locate
from portal.gateways.gitlab.reading import read_comment, read_note
from portal.gateways.records import IssueKey, NoteRecord


class NoteCalls(IssueCalls):
    def notes(self, key: IssueKey) -> Iterator[NoteRecord]:
        """Every comment, the oldest first; what GitLab noted by itself is left out."""
        # https://docs.gitlab.com/api/notes/#list-project-issue-notes
        rows = self._each(
            f"{locate(key)}/notes",
            lambda note: (read_comment(note),),
            sort="asc",
            order_by="created_at",
            activity_filter="only_comments",
        )
        for (comment,) in rows:
            if comment is not None:
                yield comment

    def post_note(self, key: IssueKey, body: str, *, is_internal: bool) -> NoteRecord:
        """One POST, over within the write deadline, whatever the server does.

        Where the role does not allow internal notes GitLab writes them in public, without a word:
        so the role is asked for first, and the answer is looked at afterwards.
        """
        with begin_attempt(self._write_seconds) as attempt:
            try:
                if is_internal:
                    self._check_role(key.project_id)
                    attempt.was_sent = False
                # https://docs.gitlab.com/api/notes/#create-new-issue-note
                note = self._add(lambda: self._post_note(key, body, is_internal, attempt))
                failure: GatewayError | None = None
            except (Misconfigured, Missing, Refused) as error:
                failure = error
        if failure is not None:
            raise self._judge(failure, key, status=attempt.status, is_internal=is_internal)
        if is_internal and not note.is_internal:
            self._take_back(key, note)
        return note

    def _post_note(
        self, key: IssueKey, body: str, is_internal: bool, attempt: Attempt
    ) -> NoteRecord:
        fields: Json = {"body": body}
        if is_internal:
            fields["internal"] = True
        answer = self._post(f"{locate(key)}/notes", fields)
        if attempt.status == 202:
            raise Refused(
                "GitLab took the comment for commands only and wrote none.",
                service=SERVICE,
            )
        return understand(read_note, answer)

    def _check_role(self, project_id: int) -> None:
        # https://docs.gitlab.com/user/discussions/#add-an-internal-note
        if not self.project(project_id).can_write_internal_notes:
            raise _forbid_internal()

    def _judge(
        self,
        failure: GatewayError,
        key: IssueKey,
        *,
        status: int | None,
        is_internal: bool,
    ) -> GatewayError:
        """Tell a "no" about internal notes or this issue from one about the token as a whole."""
        if is_internal and status in (403, 404, 422):
            return _forbid_internal()
        if status == 403 and not is_about_the_token(failure) and self._is_closed_to_notes(key):
            return Refused(
                "The discussion is locked or the project archived: no comment can be added.",
                service=SERVICE,
            )
        return failure

    def _take_back(self, key: IssueKey, note: NoteRecord) -> None:
        """The role was lowered a moment ago, and the note came out in public."""
        try:
            self.delete_note(key, note.id)
        except Missing:
            pass
        except GatewayError:
            raise Unavailable(
                "GitLab wrote an internal note in public and did not take it back.",
                service=SERVICE,
                may_have_written=True,
            ) from None
        raise _forbid_internal()

    def edit_note(self, key: IssueKey, note_id: int, body: str) -> NoteRecord:
        # https://docs.gitlab.com/api/notes/#modify-existing-issue-note
        path = f"{locate(key)}/notes/{note_id}"
        try:
            return self._write(lambda: understand(read_note, self._put(path, {"body": body})))
        except Misconfigured as error:
            raise narrow_down(error, "change this comment") from None

    def delete_note(self, key: IssueKey, note_id: int) -> None:
        # https://docs.gitlab.com/api/notes/#delete-an-issue-note
        path = f"{locate(key)}/notes/{note_id}"
        try:
            self._write(lambda: self._client.http_delete(path, obey_rate_limit=False))
        except Misconfigured as error:
            raise narrow_down(error, "change this comment") from None


def _forbid_internal() -> InternalNotesForbidden:
    return InternalNotesForbidden(
        "GitLab does not let the token write internal notes here.", service=SERVICE
    )
