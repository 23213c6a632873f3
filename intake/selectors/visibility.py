"""Who sees which request: the one place that decides, as a queryset."""

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, Q, QuerySet

from intake.domain.vocabulary import Sharing
from intake.models import Share, Submission
from intake.models.submission import SubmissionQuerySet
from portal.models import Account, Role, User
from portal.selectors.accounts import (
    keys_of_own_accounts,
    sees_every_account,
    visible_accounts,
)


def accounts_of(user: User) -> "list[Account]":
    """The accounts a person belongs to, confirmed, by name."""
    return list(
        Account.objects.filter(memberships__user=user, memberships__is_confirmed=True).order_by(
            "name"
        )
    )


def visible_submissions(user: User) -> SubmissionQuerySet:
    """Staff see what they sent and what they triage; a customer what their organisation shares,
    and of their own what belongs to it still or to nobody yet. Everything else does not exist for
    them (404, never 403)."""
    if not user.is_active:
        return Submission.objects.none()
    if sees_every_account(user):
        return Submission.objects.all()
    own = Q(submitter=user)
    if user.is_staff:
        return Submission.objects.filter(own | _is_triaged_by(user))
    named = Share.objects.filter(user_id=user.pk).values("submission_id")
    is_shared = Q(sharing=Sharing.ORGANISATION) | Q(sharing=Sharing.NAMED, pk__in=named)
    is_contact = Q(contact_email__iexact=user.email) & ~Q(contact_email="")
    return Submission.objects.filter(
        (own & Q(account=None))
        | (Q(account__in=keys_of_own_accounts(user)) & (own | is_contact | is_shared))
    )


def own_submissions(user: User) -> SubmissionQuerySet:
    """Of what somebody sees the part they sent: a shorter question than the two of them."""
    own = Submission.objects.filter(submitter=user)
    if user.is_staff:
        return own
    return own.filter(Q(account=None) | Q(account__in=keys_of_own_accounts(user)))


def triaged_submissions(user: User) -> SubmissionQuerySet:
    """What somebody decides about, with its account's money beside it: a TAM's own accounts and
    the pool, everything for product managers and administrators. Sharing is the customer's own
    affair and hides nothing here."""
    if sees_every_account(user):
        return Submission.objects.all()
    return Submission.objects.filter(_is_triaged_by(user))


def _is_triaged_by(user: User) -> Q:
    """For a TAM; nothing is for anybody else."""
    if not user.may_triage:
        return Q(pk__in=[])
    return Q(account=None) | Q(account__in=visible_accounts(user))


def customers_who_see(submission: Submission) -> "QuerySet[User]":
    """The same rule the other way round: the customer's people for whom a request exists."""
    people = User.objects.filter(role=Role.CUSTOMER, is_active=True)
    is_author = Q(pk=submission.submitter_id)
    if submission.account_id is None:
        return people.filter(is_author)
    people = people.filter(
        memberships__account=submission.account_id, memberships__is_confirmed=True
    )
    if submission.sharing == Sharing.ORGANISATION:
        return people
    if submission.contact_email:
        is_author |= Q(email__iexact=submission.contact_email)
    if submission.sharing == Sharing.NAMED:
        shares = Share.objects.filter(submission=submission, user=OuterRef("pk"))
        return people.filter(is_author | Exists(shares))
    return people.filter(is_author)


def is_colleague_of(user: User, account: Account | None) -> bool:
    """Whether a person may follow requests of this account."""
    if account is None or not user.is_active:
        return False
    return account.memberships.filter(user=user, is_confirmed=True).exists()


def has_proven_address(user: User) -> bool:
    """Whether the address we would write to was proven by a code; no other gets mail."""
    proven = EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True)
    return bool(proven.exists())  # allauth has no types


def is_author(user: User, submission: Submission) -> bool:
    """Who may change a request: whoever sent it, and the contact it was sent for."""
    if submission.submitter_id == user.pk:
        return True
    is_contact = submission.contact_email.lower() == user.email.lower()
    return (
        bool(submission.contact_email) and is_contact and is_colleague_of(user, submission.account)
    )
