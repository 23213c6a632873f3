"""Two organisations with their people, and everybody else who may knock."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from allauth.account.models import EmailAddress

from portal.domain.salesforce_id import to_18
from portal.models import Account, AccountDomain, Membership, Opportunity, Role, User
from tests.access.sentinels import MONEY

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)

# The columns of the tables, in their order. What each may read is said in `sentinels.KNOWS`.
ACTORS = (
    "anonymous",
    "member",  # of Northwind Freight, who sent its requests
    "colleague",  # of Northwind Freight, named as reader of one request
    "lead",  # of Northwind Freight
    "outsider",  # a member of Quillfeather Foundry
    "removed",  # was a member of Northwind Freight
    "unverified",  # signed in; neither address nor belonging are confirmed
    "submitter",  # works for the vendor, sends requests for customers
    "tam",  # of Northwind Freight
    "other_tam",  # of Quillfeather Foundry
    "product",
    "admin",
)
CUSTOMERS = ("member", "colleague", "lead", "outsider", "removed", "unverified")

_PEOPLE: dict[str, tuple[str, str, Role]] = {
    "member": ("maya@northwind.example", "Maya Lindqvist", Role.CUSTOMER),
    "colleague": ("ben@northwind.example", "Ben Okafor", Role.CUSTOMER),
    "lead": ("lena@northwind.example", "Lena Brandt", Role.CUSTOMER),
    "outsider": ("odile@quillfeather.example", "Odile Verhoeven", Role.CUSTOMER),
    "removed": ("rolf@northwind.example", "Rolf Amundsen", Role.CUSTOMER),
    "unverified": ("uma@northwind.example", "Uma Castellano", Role.CUSTOMER),
    "submitter": ("sam@larkfield.example", "Sam Sales", Role.SUBMITTER),
    "tam": ("priya@larkfield.example", "Priya Natarajan", Role.TAM),
    "other_tam": ("tomas@larkfield.example", "Tomas Havel", Role.TAM),
    "product": ("pia@larkfield.example", "Pia Moreau", Role.PRODUCT_MANAGER),
    "admin": ("ada@larkfield.example", "Ada Administrator", Role.ADMINISTRATOR),
}
_AT_NORTHWIND: dict[str, dict[str, Any]] = {
    "member": {},
    "colleague": {},
    "lead": {"is_lead": True},
    "removed": {"is_confirmed": False, "ended_at": NOW},
    "unverified": {"is_confirmed": False, "basis": Membership.Basis.DOMAIN},
}


def add_people() -> dict[str, User]:
    """By their column."""
    people = {}
    for actor, (email, name, role) in _PEOPLE.items():
        user = User.objects.create_user(email, name=name, role=role)
        is_proven = actor != "unverified"
        EmailAddress.objects.create(user=user, email=email, primary=True, verified=is_proven)
        people[actor] = user
    return people


def add_accounts(people: dict[str, User]) -> dict[str, Account]:
    """One account of each TAM and one of none, with their domains and members."""
    accounts = {
        "north": _add_account("Northwind Freight", 1, tam=people["tam"]),
        "foundry": _add_account("Quillfeather Foundry", 2, tam=people["other_tam"]),
        "pool": _add_account("Saltmarsh Dairy", 3, tam=None),
    }
    for domain, name in (("northwind.example", "north"), ("quillfeather.example", "foundry")):
        AccountDomain.objects.create(account=accounts[name], domain=domain)
    for actor, fields in _AT_NORTHWIND.items():
        _add_member(people[actor], accounts["north"], **fields)
    _add_member(people["outsider"], accounts["foundry"])
    return accounts


def _add_account(name: str, number: int, *, tam: User | None) -> Account:
    arr = MONEY.get(name, Decimal(1_000))
    return Account.objects.create(
        salesforce_id=to_18(f"001D00000ACC{number:03d}"),
        name=name,
        arr=arr,
        seats=40 + number,
        tam=tam,
        tam_name=str(tam) if tam else "",
        refreshed_at=NOW,
        changed_at=NOW,
    )


def _add_member(user: User, account: Account, **fields: Any) -> None:
    values = {"basis": Membership.Basis.STAFF, "address": user.email}
    Membership.objects.create(user=user, account=account, **values | fields)


def add_opportunity(account: Account, number: int) -> Opportunity:
    return Opportunity.objects.create(
        salesforce_id=to_18(f"006D00000OPP{number:03d}"),
        account=account,
        name=f"{account.name} renewal",
        net_arr=account.arr,
        probability=Decimal(50),
        refreshed_at=NOW,
        changed_at=NOW,
    )
