"""Say whose request it is. Nobody of the account before keeps any part in it."""

from intake.actions.decide import locked, release_link, require_open, wake
from intake.actions.follow import unfollow_strangers
from intake.actions.refusals import NotAllowed
from intake.actions.triage.permission import require_triage_of
from intake.domain.vocabulary import Stage, Trouble
from intake.models import Event, EventKind, Submission
from intake.pipeline.record import record_event, update_progress
from intake.pipeline.tell_tam import tell_tam
from intake.selectors.visibility import visible_submissions
from portal.actions.membership import confirm_membership, end_membership
from portal.models import Account, Membership, Role, User
from portal.selectors.accounts import visible_accounts


def assign_account(submission: Submission, *, account: Account, by: User) -> None:
    """A customer who sent it belongs to that account from now on; a belonging that rested on
    this request's earlier account alone ends."""
    require_triage_of(submission, by)
    if not visible_accounts(by).filter(pk=account.pk).exists():
        raise NotAllowed
    with locked(submission) as (row, now):
        require_open(row)
        if row.account_id == account.pk:
            return
        if row.link_id:
            release_link(row.link_id, now=now)
        before, row.account = row.account, account
        row.save(update_fields=["account"])  # first: what they leave is not this request
        is_new_member = _move_submitter(row, before, by=by)
        row.opportunity, row.link = None, None
        row.stage = Stage.RECEIVED if row.stage == Stage.RECEIVED else Stage.MATCHED
        row.trouble, row.trouble_detail = Trouble.NONE, ""
        facts = {"account": account.name, "account_id": account.pk, "made_member": is_new_member}
        record_event(row, EventKind.ACCOUNT_RESOLVED, now=now, by=by, facts=facts)
        wake(row, now=now)
        update_progress(row, now=now)
        unfollow_strangers(row)
        _hide_words_of_strangers(row)
        tell_tam(row, now=now)


def _move_submitter(row: Submission, before: Account | None, *, by: User) -> bool:
    """True when the request's author was not a member of its account of now."""
    author = row.submitter
    if author.is_staff or row.account is None:
        return False
    if before is not None:
        made_member = {"facts__account_id": before.pk, "facts__made_member": True}
        if row.events.filter(kind=EventKind.ACCOUNT_RESOLVED, **made_member).exists():
            end_membership(author, before, by=by)
    basis = Membership.Basis.STAFF
    return confirm_membership(author, row.account, basis=basis, address=author.email, by=by)


def _hide_words_of_strangers(row: Submission) -> None:
    customers = Event.objects.filter(submission=row, is_public=True, actor__role=Role.CUSTOMER)
    for event in customers.select_related("actor"):
        if event.actor and not visible_submissions(event.actor).filter(pk=row.pk).exists():
            Event.objects.filter(pk=event.pk).update(is_public=False)
