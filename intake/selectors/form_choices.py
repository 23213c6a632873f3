"""What a person may choose from in the request form."""

from dataclasses import dataclass

from intake.models import SavedDraft
from portal.models import Account, Membership, Opportunity, User

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
    own = Account.objects.filter(memberships__user=user, memberships__is_confirmed=True)
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


def choices_for_staff(search: str) -> FormChoices:
    """Accounts whose name begins with or holds `search`, and what they may buy next."""
    accounts = _find_accounts(search.strip())
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


def _find_accounts(search: str) -> tuple[AccountChoice, ...]:
    if len(search) < 2:
        return ()
    found = Account.objects.filter(name__icontains=search).values_list("pk", "name")[:200]
    folded = search.casefold()
    ranked = sorted(found, key=lambda row: (not row[1].casefold().startswith(folded), row[1]))
    return tuple(AccountChoice(*row) for row in ranked[:FOUND_LIMIT])


def find_draft(user: User, *, is_on_behalf: bool) -> KeptDraft | None:
    """What this person saved last for this form."""
    saved = SavedDraft.objects.filter(user=user, is_on_behalf=is_on_behalf).order_by("-saved_at")
    return read_kept(saved.first())


def read_kept(saved: SavedDraft | None) -> KeptDraft | None:
    return KeptDraft(saved.fields, tuple(saved.file_names)) if saved else None
