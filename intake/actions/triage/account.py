"""Say whose request it is. Nobody of the account before keeps any part in it."""

from intake.actions.decide import locked, release_link, require_open, wake
from intake.actions.triage.permission import require_triage
from intake.domain.vocabulary import Stage, Trouble
from intake.models import Event, EventKind, Follower, Submission
from intake.pipeline.record import record_event, update_progress
from intake.selectors.visibility import visible_submissions
from portal.actions.membership import confirm_membership, end_membership
from portal.models import Account, Membership, Role, User


def assign_account(submission: Submission, *, account: Account, by: User) -> None:
    """A customer who sent it belongs to that account from now on; a belonging that rested on
    this request's earlier account alone ends."""
    require_triage(by)
    with locked(submission) as (row, now):
        require_open(row)
        if row.account_id == account.pk:
            return
        if row.link_id:
            release_link(row.link_id, now=now)
        is_new_member = _move_submitter(row, account)
        row.account, row.opportunity, row.link = account, None, None
        row.stage = Stage.RECEIVED if row.stage == Stage.RECEIVED else Stage.MATCHED
        row.trouble, row.trouble_detail = Trouble.NONE, ""
        facts = {"account": account.name, "account_id": account.pk, "made_member": is_new_member}
        record_event(row, EventKind.ACCOUNT_RESOLVED, now=now, by=by, facts=facts)
        wake(row, now=now)
        update_progress(row, now=now)
        _part_with_strangers(row)


def _move_submitter(row: Submission, account: Account) -> bool:
    """True when the request's author was not a member of the account before."""
    if row.submitter.is_staff:
        return False
    rested_on_this = row.events.filter(
        kind=EventKind.ACCOUNT_RESOLVED, facts__account_id=row.account_id, facts__made_member=True
    )
    if row.account is not None and rested_on_this.exists():
        end_membership(row.submitter, row.account)
    return confirm_membership(row.submitter, account, basis=Membership.Basis.STAFF)


def _part_with_strangers(row: Submission) -> None:
    """Who may not see it any more stops following, and their words are not shown to others."""
    for follower in Follower.objects.filter(submission=row).select_related("user"):
        if not _sees(follower.user, row):
            follower.delete()
    customers = Event.objects.filter(submission=row, is_public=True, actor__role=Role.CUSTOMER)
    for event in customers.select_related("actor"):
        if event.actor and not _sees(event.actor, row):
            Event.objects.filter(pk=event.pk).update(is_public=False)


def _sees(user: User, row: Submission) -> bool:
    return visible_submissions(user).filter(pk=row.pk).exists()
