"""Who belongs to an account, and who sees its requests."""

from collections.abc import Callable

import pytest

from intake.models import Submission
from intake.selectors.visibility import (
    has_proven_address,
    is_author,
    is_colleague_of,
    visible_submissions,
)
from portal.actions.membership import (
    confirm_membership,
    grant_domain_membership,
    settle_memberships,
)
from portal.models import Account, AccountDomain, AuditEntry, Membership, Role, User
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db

MakeUser = Callable[..., User]


@pytest.fixture
def other(db: None) -> Account:
    return Account.objects.create(
        salesforce_id="001M000001FgVKlIAN", name="Quillbrook Press", refreshed_at=NOW
    )


def add_request(by: User, account: Account | None, token: int, **fields: str) -> Submission:
    return Submission.objects.create(
        form_token=f"11111111-1111-4111-8111-{token:012d}", submitter=by, account=account,
        summary="A wish of theirs", problem="x", urgency="blocker", intent="retain",
        answer_by=NOW, created_at=NOW, updated_at=NOW, **fields,
    )  # fmt: skip


def test_vouching_confirms_a_waiting_member_and_keeps_the_basis_of_a_confirmed_one(
    account: Account, make_user: MakeUser
) -> None:
    user = make_user("li@northwind-freight.example")
    grant_domain_membership(user, email=user.email)
    assert not Membership.objects.get().is_confirmed
    assert confirm_membership(user, account, basis=Membership.Basis.CONTACT)
    assert not confirm_membership(user, account, basis=Membership.Basis.STAFF)
    membership = Membership.objects.get()
    assert (membership.basis, membership.is_confirmed) == (Membership.Basis.CONTACT, True)


def test_an_address_of_no_known_domain_leads_nowhere(make_user: MakeUser) -> None:
    user = make_user("li@elsewhere.example")
    assert grant_domain_membership(user, email=user.email) is None


def test_the_first_of_each_domain_waits_not_of_each_account(
    maya: User, account: Account, make_user: MakeUser
) -> None:
    """Maya's own domain is vouched for; the account's second one is not by that."""
    AccountDomain.objects.create(account=account, domain="northwind-depots.example")
    for email, is_confirmed in [
        ("li@northwind-freight.example", True),
        ("jo@northwind-depots.example", False),
        ("kim@northwind-depots.example", False),
    ]:
        user = make_user(email)
        settle_memberships(user, email=email, now=NOW)
        assert Membership.objects.get(user=user).is_confirmed == is_confirmed


def test_settling_again_changes_and_records_nothing(account: Account, make_user: MakeUser) -> None:
    user = make_user("li@northwind-freight.example")
    for _ in range(3):
        settle_memberships(user, email=user.email, now=NOW)
    assert Membership.objects.count() == 1
    (entry,) = AuditEntry.objects.filter(object_reference=user.reference)
    assert (entry.action, entry.actor, entry.details["account"]) == (
        "member waits", "", account.pk
    )  # fmt: skip


@pytest.mark.parametrize("is_active", [True, False])
def test_staff_and_the_barred_become_no_members(
    account: Account, make_user: MakeUser, is_active: bool
) -> None:
    role = Role.TAM if is_active else Role.CUSTOMER
    user = make_user("li@northwind-freight.example", role=role, is_active=is_active)
    settle_memberships(user, email=user.email, now=NOW)
    assert not Membership.objects.exists()


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("author", {"own", "theirs"}),
        ("colleague", {"own", "theirs"}),
        ("waiting", {"unknown"}),
        ("competitor", {"foreign"}),
        ("submitter", {"behalf"}),
        ("tam", {"own", "theirs", "foreign", "unknown", "behalf"}),
        ("barred", set()),
    ],
)
def test_who_sees_what(
    who: str, seen: set[str], account: Account, other: Account, make_user: MakeUser
) -> None:
    people = {
        name: make_user(f"{name}@x.example", role=role)
        for name, role in {
            "author": Role.CUSTOMER, "colleague": Role.CUSTOMER, "waiting": Role.CUSTOMER,
            "competitor": Role.CUSTOMER, "submitter": Role.SUBMITTER, "tam": Role.TAM,
            "barred": Role.TAM,
        }.items()
    }  # fmt: skip
    User.objects.filter(pk=people["barred"].pk).update(is_active=False)
    for name in ("author", "colleague", "barred"):
        confirm_membership(people[name], account, basis=Membership.Basis.STAFF)
    confirm_membership(people["competitor"], other, basis=Membership.Basis.STAFF)
    Membership.objects.create(
        user=people["waiting"], account=account, basis=Membership.Basis.DOMAIN, is_confirmed=False
    )
    requests = {
        "own": add_request(people["author"], account, 1),
        "theirs": add_request(people["colleague"], account, 2),
        "foreign": add_request(people["competitor"], other, 3),
        "unknown": add_request(people["waiting"], None, 4),
        "behalf": add_request(people["submitter"], None, 5),
    }
    reader = User.objects.get(pk=people[who].pk)
    found = set(visible_submissions(reader))
    assert {name for name, request in requests.items() if request in found} == seen


def test_the_contact_of_a_request_is_its_author_only_as_a_member(
    account: Account, submitter: User, make_user: MakeUser
) -> None:
    contact = make_user("li@northwind-freight.example")
    request = add_request(submitter, account, 1, contact_email="LI@northwind-freight.example")
    assert not is_author(contact, request)
    confirm_membership(contact, account, basis=Membership.Basis.STAFF)
    assert is_author(contact, request)
    assert is_author(submitter, request)
    assert not is_author(make_user(""), add_request(submitter, account, 2))


def test_a_colleague_is_a_confirmed_active_member(maya: User, account: Account) -> None:
    assert is_colleague_of(maya, account)
    assert not is_colleague_of(maya, None)
    maya.is_active = False
    assert not is_colleague_of(maya, account)


def test_only_the_very_address_must_be_proven(maya: User) -> None:
    assert has_proven_address(maya)
    maya.email = maya.email.upper()
    assert has_proven_address(maya)
    maya.email = "another@northwind-freight.example"
    assert not has_proven_address(maya)
