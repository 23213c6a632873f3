"""Who sees which request: the one place that decides, as a queryset."""

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, Q

from intake.domain.vocabulary import Sharing
from intake.models import Share, Submission
from intake.models.submission import SubmissionQuerySet
from portal.models import Account, Role, User
from portal.selectors.accounts import visible_accounts


def accounts_of(user: User) -> "list[Account]":
    """The accounts a person belongs to, confirmed, by name."""
    return list(
        Account.objects.filter(memberships__user=user, memberships__is_confirmed=True).order_by(
            "name"
        )
    )


def visible_submissions(user: User) -> SubmissionQuerySet:
    """A TAM sees requests of their own accounts and of the pool; product managers and
    administrators all; an internal submitter what they sent; a customer what their organisation
    shares, and of their own what belongs to it still or to nobody yet. Everything else does not
    exist for them (404, never 403)."""
    if not user.is_active:
        return Submission.objects.none()
    own = Q(submitter=user)
    if user.role == Role.SUBMITTER:
        return Submission.objects.filter(own)
    if user.role == Role.TAM:
        return Submission.objects.filter(
            own | Q(account=None) | Q(account__in=visible_accounts(user))
        )
    if user.may_triage:
        return Submission.objects.all()
    is_named = Exists(Share.objects.filter(submission=OuterRef("pk"), user=user))
    is_shared = (
        Q(sharing=Sharing.ORGANISATION)
        | Q(is_named, sharing=Sharing.NAMED)
        | Q(contact_email__iexact=user.email)
    )
    return Submission.objects.filter(
        (own & Q(account=None)) | (Q(account__in=visible_accounts(user)) & (own | is_shared))
    )


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
