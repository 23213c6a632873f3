"""Which Salesforce account a request belongs to: one, none or several, said honestly."""

from collections.abc import Callable
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from intake.actions import triage
from intake.models import Submission
from intake.pipeline.resolve import resolve
from portal.gateways.errors import Unavailable
from portal.gateways.salesforce import ClientCredentials, FieldNames, SalesforceGateway
from portal.models import Account, Membership, User
from portal.sandbox.client import Fault, Sandbox
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db

MakeWish = Callable[..., Submission]
CONTOSO, FABRIKAM = "001D000000Ab001IAB", "001D000000Ab002IAB"


@pytest.fixture
def stranger(make_user: Callable[..., User]) -> User:
    """Belongs to no account yet."""
    return make_user("lena@contoso.example", name="Lena Brandt")


@pytest.fixture
def wish(make_wish: MakeWish, stranger: User) -> Submission:
    return make_wish(None, account=None, stage="matched", submitter=stranger)


def plant(sandbox: Sandbox, id18: str, name: str, email: str = "lena@contoso.example") -> None:
    sandbox.put_account(id18=id18, name=name, contacts=[{"name": "Lena Brandt", "email": email}])


def ask_nobody() -> Any:
    raise AssertionError("Salesforce was asked")


def test_the_contact_with_this_address_leads_to_the_account(
    wish: Submission, stranger: User, salesforce: SalesforceGateway, sandbox: Sandbox
) -> None:
    plant(sandbox, CONTOSO, "Contoso", email="LENA@contoso.example")
    resolve(wish, salesforce=lambda: salesforce, now=NOW)
    assert (wish.stage, str(wish.account), wish.trouble) == ("account_resolved", "Contoso", "")
    member = Membership.objects.get(user=stranger)
    assert (member.basis, member.is_confirmed) == ("contact", True)


@pytest.mark.parametrize("email", ["lena@contoso.example.org", "other@contoso.example"])
def test_an_address_that_is_only_alike_leads_nowhere(
    email: str, wish: Submission, salesforce: SalesforceGateway, sandbox: Sandbox
) -> None:
    plant(sandbox, CONTOSO, "Contoso", email=email)
    resolve(wish, salesforce=lambda: salesforce, now=NOW)
    assert (wish.stage, wish.account, wish.trouble) == ("matched", None, "no_account")


def test_several_accounts_are_named_for_a_person_to_choose(
    wish: Submission, stranger: User, salesforce: SalesforceGateway, sandbox: Sandbox
) -> None:
    plant(sandbox, CONTOSO, "Contoso")
    plant(sandbox, FABRIKAM, "Fabrikam")
    resolve(wish, salesforce=lambda: salesforce, now=NOW)
    assert (wish.stage, wish.trouble) == ("matched", "several_accounts")
    assert sorted(wish.trouble_detail.split(", ")) == ["Contoso", "Fabrikam"]
    assert not Membership.objects.filter(user=stranger).exists()


def test_a_salesforce_that_does_not_answer_is_not_waited_for(
    wish: Submission, sandbox: Sandbox, settings: Settings
) -> None:
    sandbox.add_faults(Fault("hang", service="salesforce", path=r"/query"))
    hasty = SalesforceGateway(
        settings.SALESFORCE_DOMAIN,
        credentials=ClientCredentials("sandbox-consumer", "sandbox-secret"),
        fields=FieldNames(**settings.SALESFORCE_FIELDS),
        endpoint=sandbox.salesforce_url,
        timeout=0.5,
    )
    with pytest.raises(Unavailable):
        resolve(wish, salesforce=lambda: hasty, now=NOW)
    wish.refresh_from_db()
    assert (wish.stage, wish.account) == ("matched", None)


def test_a_member_of_one_account_needs_no_salesforce(make_wish: MakeWish) -> None:
    wish = make_wish(None, account=None, stage="matched")
    resolve(wish, salesforce=ask_nobody, now=NOW)
    assert str(wish.account) == "Northwind Freight"


def test_a_member_of_several_accounts_is_asked_about(
    make_wish: MakeWish, make_account: Callable[[str], Account], maya: User
) -> None:
    Membership.objects.create(user=maya, account=make_account("Contoso"), basis="staff")
    wish = make_wish(None, account=None, stage="matched")
    resolve(wish, salesforce=ask_nobody, now=NOW)
    assert wish.trouble == "several_accounts"


def test_an_account_named_by_a_person_meanwhile_stays(
    wish: Submission,
    salesforce: SalesforceGateway,
    make_account: Callable[[str], Account],
    tam: User,
) -> None:
    def asked() -> SalesforceGateway:
        triage.assign_account(Submission.objects.get(), account=make_account("Fabrikam"), by=tam)
        return salesforce

    resolve(wish, salesforce=asked, now=NOW)
    assert (str(wish.account), wish.trouble) == ("Fabrikam", "")


def test_a_known_account_ends_the_trouble(make_wish: MakeWish) -> None:
    wish = make_wish(None, stage="matched", trouble="no_account", trouble_detail="x")
    resolve(wish, salesforce=ask_nobody, now=NOW)
    assert (wish.stage, wish.trouble, wish.trouble_detail) == ("account_resolved", "", "")


def test_where_the_author_was_removed_their_request_is_not_put(
    wish: Submission, stranger: User, salesforce: SalesforceGateway, sandbox: Sandbox
) -> None:
    plant(sandbox, CONTOSO, "Contoso")
    contoso = Account.objects.create(salesforce_id=CONTOSO, name="Contoso", refreshed_at=NOW)
    Membership.objects.create(
        user=stranger, account=contoso, basis="staff", is_confirmed=False, ended_at=NOW
    )
    resolve(wish, salesforce=lambda: salesforce, now=NOW)
    assert (wish.account, wish.trouble) == (None, "no_account")
