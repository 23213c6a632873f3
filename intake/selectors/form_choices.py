"""What a person may choose from in the request form."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from intake.models import SavedDraft, Share, Submission
from portal.models import Membership, Opportunity, User
from portal.selectors.accounts import nameable_accounts, visible_accounts

FOUND_LIMIT = 10
COLLEAGUE_LIMIT = 60


@dataclass(frozen=True, slots=True)
class AccountChoice:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class ColleagueChoice:
    id: int
    name: str
    account_id: int


@dataclass(frozen=True, slots=True)
class OpportunityChoice:
    id: int
    name: str
    account_id: int
    account_name: str


@dataclass(frozen=True, slots=True)
class FormChoices:
    accounts: tuple[AccountChoice, ...] = ()
    colleagues: tuple[ColleagueChoice, ...] = ()
    opportunities: tuple[OpportunityChoice, ...] = ()

    @property
    def only_account_id(self) -> int | None:
        return self.accounts[0].id if len(self.accounts) == 1 else None


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """The posted fields as they were typed, and the names of files to choose again."""

    fields: dict[str, list[str]]
    file_names: tuple[str, ...]


def choices_of(user: User) -> FormChoices:
    """A customer's own accounts and the colleagues there."""
    if user.is_staff:
        return FormChoices()
    own = visible_accounts(user)
    members = (
        Membership.objects.filter(account__in=own, is_confirmed=True, user__is_active=True)
        .order_by("account__name", "user__name", "user__email")
        .values_list("account", "account__name", "user", "user__name", "user__email")
    )
    accounts: dict[int, AccountChoice] = {}
    colleagues: dict[int, ColleagueChoice] = {}
    for account_id, account, user_id, name, email in members:
        accounts[account_id] = AccountChoice(account_id, account)
        if user_id != user.pk and len(colleagues) < COLLEAGUE_LIMIT:
            colleagues[user_id] = ColleagueChoice(user_id, name or email, account_id)
    return FormChoices(tuple(accounts.values()), tuple(colleagues.values()))


def colleagues_to_name(submission: Submission, user: User) -> tuple[ColleagueChoice, ...] | None:
    """Whom an author may name as readers, those already named first; None for staff, who leave
    it to the customer."""
    if user.is_staff:
        return None
    named = Exists(Share.objects.filter(submission=submission, user=OuterRef("user")))
    members = (
        Membership.objects.filter(
            account=submission.account_id, is_confirmed=True, user__is_active=True
        )
        .exclude(user=user)
        .annotate(is_named=named)
        .order_by("-is_named", "user__name", "user__email")
        .values_list("user", "user__name", "user__email", "account")[:COLLEAGUE_LIMIT]
    )
    return tuple(ColleagueChoice(pk, name or email, owner) for pk, name, email, owner in members)


def choices_for_staff(user: User, search: str) -> FormChoices:
    """Accounts whose name begins with or holds `search`, and what they may buy next."""
    accounts = _find_accounts(user, search.strip())
    opportunities = (
        Opportunity.objects.open()
        .filter(account__in=[one.id for one in accounts])
        .select_related("account")
    )
    return FormChoices(
        accounts,
        (),
        tuple(
            OpportunityChoice(one.pk, one.name, one.account_id, one.account.name)
            for one in opportunities
        ),
    )


def _find_accounts(user: User, search: str) -> tuple[AccountChoice, ...]:
    if len(search) < 2:
        return ()
    named = nameable_accounts(user).filter(name__icontains=search)
    found = named.values_list("pk", "name")[:200]
    folded = search.casefold()
    ranked = sorted(found, key=lambda row: (not row[1].casefold().startswith(folded), row[1]))
    return tuple(AccountChoice(*row) for row in ranked[:FOUND_LIMIT])


def find_draft(user: User, *, is_on_behalf: bool) -> KeptDraft | None:
    """What this person saved last for this form."""
    saved = SavedDraft.objects.filter(user=user, is_on_behalf=is_on_behalf).order_by("-saved_at")
    return read_kept(saved.first())


def read_kept(saved: SavedDraft | None) -> KeptDraft | None:
    return KeptDraft(saved.fields, tuple(saved.file_names)) if saved else None
