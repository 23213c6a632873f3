"""Make the one note of a customer link true in GitLab: exactly one, whatever happens between.

GitLab offers no idempotency key for notes, so the row is leased and the lease committed before
anything is asked. Then all notes are listed: a link that is there, posted by a person or by an
attempt whose answer was lost, is adopted. Only then one note is posted, after the lease has been
renewed. When an answer does not come, the lease is kept: it outlives the latest late write, and
the next attempt starts with listing again. Editing and taking back go the same way: before each
write the row forgets what GitLab is about to lose, so that a lost answer is never taken for done.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from intake.domain.link_note import digest
from intake.domain.retry import wait_before_retry
from intake.domain.salesforce_link import LinkKind, find_salesforce_links
from intake.models import CustomerLink, NoteState
from intake.pipeline.demand import recount_demand
from intake.pipeline.lease import Lease, LeaseBusy
from intake.pipeline.note_text import NoteTexts, write_note
from intake.pipeline.tie_found import NOT_HERE, describe_place
from intake.selectors.found_links import read_standings
from portal.gateways.errors import (
    InternalNotesForbidden,
    Misconfigured,
    Missing,
    Refused,
    Unavailable,
)
from portal.gateways.gitlab import GitLabGateway
from portal.gateways.records import NoteRecord

Clock = Callable[[], datetime]
LINK_ONLY = "link_only"
INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Turn:
    """One worker's turn at one link's note, under its lease."""

    link: CustomerLink
    lease: Lease
    gitlab: GitLabGateway
    clock: Clock

    def renew(self, **fields: object) -> None:
        self.lease.renew(now=self.clock(), length=settings.NOTE_LEASE, **fields)


def announce(link: CustomerLink, *, gitlab: GitLabGateway, clock: Clock) -> None:
    """Bring the link's note into the state its open submissions want.

    Raises LeaseBusy, and the gateway's Unavailable and Misconfigured; a refusal is kept on the
    link for a person to read.
    """
    lease = Lease.take(link.pk, now=clock(), length=settings.NOTE_LEASE)
    try:
        link.refresh_from_db()
        _settle(Turn(link, lease, gitlab, clock))
    except Unavailable as error:
        if error.may_have_written:
            raise LeaseBusy(lease.until) from error
        wait = error.retry_after or wait_before_retry(link.failures + 1)
        lease.release(due_at=clock() + wait)
        raise
    except Misconfigured:
        lease.release(due_at=clock() + wait_before_retry(link.failures + 1))
        raise
    except (Refused, Missing) as error:
        lease.finish(note_state=NoteState.REFUSED, refusal=str(error)[:300])


def _settle(turn: Turn) -> None:
    """Read under the lease: whoever changes the demand later rings, and that is not forgotten."""
    submissions = recount_demand(turn.link, now=turn.clock())
    if not submissions:
        _take_back(turn)
        return
    texts = write_note(turn.link, submissions)
    if _is_settled(turn.link, texts):
        turn.lease.finish()
    elif turn.link.note_state == NoteState.POSTED:
        _edit(turn, texts, turn.link.note_id or 0, is_internal=bool(turn.link.is_note_internal))
    elif not _adopt(turn, texts):
        _post(turn, texts)


def _is_settled(link: CustomerLink, texts: NoteTexts) -> bool:
    if link.note_state == NoteState.POSTED:
        return link.note_digest == digest(_text_for(link, texts, bool(link.is_note_internal)))
    if link.note_state == NoteState.FOUND and link.note_id is None:
        return False  # a person's link stands in an issue that this one continues, not here
    return link.note_state not in {NoteState.WANTED, NoteState.REMOVED}


def _text_for(link: CustomerLink, texts: NoteTexts, is_internal: bool) -> str:
    """Free text only where no outsider reads: internal notes and confidential issues."""
    is_hidden = is_internal or link.issue.is_confidential
    return texts.full if is_hidden and settings.GITLAB_NOTES != LINK_ONLY else texts.link_only


def _write_text(turn: Turn, texts: NoteTexts, is_internal: bool) -> str:
    """The same, for writing: our copy of the issue may be older than its publication."""
    text = _text_for(turn.link, texts, is_internal)
    if text == texts.link_only or is_internal:
        return text
    return text if turn.gitlab.issue(turn.link.issue.key).is_confidential else texts.link_only


def find_notes(link: CustomerLink, gitlab: GitLabGateway) -> Iterator[NoteRecord]:
    """Every note on the issue that holds this account's link, whoever wrote it.

    A note of ours is about the first account in it; what follows is quoted.
    """
    own = gitlab.own_user_id()
    for note in gitlab.notes(link.issue.key):
        accounts = find_accounts(note.body)
        if link.account.salesforce_id in (accounts[:1] if note.author_id == own else accounts):
            yield note


def find_accounts(text: str) -> list[str]:
    links = find_salesforce_links(text, hosts=settings.SALESFORCE_HOSTS)
    return [found.id18 for found in links if found.kind == LinkKind.ACCOUNT]


def _adopt(turn: Turn, texts: NoteTexts) -> bool:
    """Keep a link that is there already; if it is our own note, bring its text up to date."""
    link, gitlab = turn.link, turn.gitlab
    notes = list(find_notes(link, gitlab))
    own = next((note for note in notes if note.author_id == gitlab.own_user_id()), None)
    if own is not None:
        if digest(own.body) == digest(_write_text(turn, texts, own.is_internal)):
            _finish_posted(turn, own.body, own.id, is_internal=own.is_internal)
        else:
            _edit(turn, texts, own.id, is_internal=own.is_internal)
    elif notes:
        found = {"note_id": notes[0].id, "is_note_internal": notes[0].is_internal}
        turn.lease.finish(note_state=NoteState.FOUND, **found)
    elif link.account.salesforce_id in find_accounts(gitlab.issue(link.issue.key).description):
        turn.lease.finish(note_state=NoteState.IN_ISSUE, note_id=None)
    else:
        return False
    return True


def _finish_posted(turn: Turn, body: str, note_id: int, *, is_internal: bool) -> None:
    turn.lease.finish(
        note_state=NoteState.POSTED,
        note_id=note_id,
        note_digest=digest(body),
        is_note_internal=is_internal,
        refusal="",
    )


def _post(turn: Turn, texts: NoteTexts) -> None:
    """Internal wherever the token may; else public, with no free text on a public issue."""
    if settings.GITLAB_NOTES != LINK_ONLY:
        try:
            _post_once(turn, texts.full, is_internal=True)
        except InternalNotesForbidden:
            if settings.GITLAB_NOTES == INTERNAL:
                raise
        else:
            return
    _post_once(turn, _write_text(turn, texts, is_internal=False), is_internal=False)


def _post_once(turn: Turn, body: str, *, is_internal: bool) -> None:
    turn.renew()
    note = turn.gitlab.post_note(turn.link.issue.key, body, is_internal=is_internal)
    _finish_posted(turn, body, note.id, is_internal=is_internal)


def _edit(turn: Turn, texts: NoteTexts, note_id: int, *, is_internal: bool) -> None:
    key = turn.link.issue.key
    body = _write_text(turn, texts, is_internal)
    turn.renew(note_digest="")
    try:
        turn.gitlab.edit_note(key, note_id, body)
    except Missing:
        turn.gitlab.issue(key)  # gone as a whole, or hidden: Missing again, and told as that
        turn.lease.finish(note_state=NoteState.DELETED, note_id=None)  # by a person: left alone
    else:
        _finish_posted(turn, body, note_id, is_internal=is_internal)


def _take_back(turn: Turn) -> None:
    """Remove our note, one whose answer was lost included; never a person's, which stays."""
    link, gitlab = turn.link, turn.gitlab
    if link.note_state in {NoteState.REMOVED, NoteState.DELETED}:
        turn.lease.finish()
        return
    standing = read_standings([link.issue_id], [link.account_id])
    own = [note for note in find_notes(link, gitlab) if note.author_id == gitlab.own_user_id()]
    for note in own:
        turn.renew(note_state=NoteState.WANTED, note_id=None, note_digest="")
        with suppress(Missing):  # gone between the look and the act: that is what was wanted
            gitlab.delete_note(link.issue.key, note.id)
    was_deleted = link.note_state == NoteState.POSTED and not own
    ended = {"note_state": NoteState.DELETED if was_deleted else NoteState.REMOVED, **NOT_HERE}
    for theirs in standing.values():
        ended = describe_place(theirs)
    turn.lease.finish(**ended, note_digest="", refusal="")
