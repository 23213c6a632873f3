"""A TAM works for their own accounts and the pool; another TAM's account does not exist for them,
on any page of the staff side."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from intake.actions.refusals import NotAllowed
from intake.actions.submit import submit
from intake.actions.triage import assign_account, decline
from intake.domain.draft import OnBehalf, SubmissionDraft
from intake.models import CustomerLink, Event, FoundLink, Issue, Submission
from intake.selectors.visibility import triaged_submissions, visible_submissions
from portal.domain.salesforce_id import to_18
from portal.models import Account, Membership, Opportunity, Role, User
from portal.selectors.accounts import find_hidden_accounts, nameable_accounts, visible_accounts
from portal.selectors.people import visible_people
from tests.intake.triage_desk import QUEUE, act, add_request, messages_of, page_of

pytestmark = pytest.mark.django_db

NAMES = {"mine": "Aldgate Mills", "pool": "Brightwater", "theirs": "Quillfeather Foundry"}
SECRETS = ("Quillfeather", "quillfeather.example", "7777777", "7,777,777", "Their deal")
MakeUser = Callable[..., User]


@dataclass(frozen=True)
class Desk:
    """What one account has, a row of each kind."""

    account: Account
    member: User
    membership: Membership
    request: Submission
    link: CustomerLink
    found: FoundLink
    opportunity: Opportunity


@pytest.fixture
def other(make_user: MakeUser) -> User:
    return make_user("oren@larkfield.example", name="Oren Other", role=Role.TAM)


@pytest.fixture
def issue(make_issue: Callable[..., Issue]) -> Issue:
    return make_issue()


@pytest.fixture
def desks(tam: User, other: User, issue: Issue, make_user: MakeUser) -> dict[str, Desk]:
    """The TAM's own, the pool's and another TAM's; all three ask for the same issue."""
    tams = {"mine": tam, "pool": None, "theirs": other}
    return {key: add_desk(key, tams[key], issue, make_user) for key in NAMES}


def add_desk(key: str, tam: User | None, issue: Issue, make_user: MakeUser) -> Desk:
    now, name = timezone.now(), NAMES[key]
    domain = f"{name.split()[0].lower()}.example"
    account = Account.objects.create(
        salesforce_id=to_18(f"001D00000{key:0<6}"), name=name, tam=tam, refreshed_at=now,
        arr="7777777" if key == "theirs" else "1000",
    )  # fmt: skip
    member = make_user(f"anna@{domain}", name=f"Anna of {name}")
    membership = Membership.objects.create(user=member, account=account, basis="staff")
    deal = Opportunity.objects.create(
        salesforce_id=to_18(f"006D00000{key:0<6}"), account=account, refreshed_at=now,
        name="Their deal" if key == "theirs" else "A deal",
    )  # fmt: skip
    found = FoundLink.objects.create(
        issue=issue, counts_on=issue, source="note", note_id=len(key) * 100 + ord(key[0]),
        salesforce_id=account.salesforce_id, account=account, opportunity=deal,
        author_name="Somebody", updated_at=now,
    )  # fmt: skip
    return Desk(
        account, member, membership, add_request(member, summary=f"A wish of {name}"),
        CustomerLink.objects.create(issue=issue, account=account), found, deal,
    )  # fmt: skip


@pytest.fixture
def client(tam: User) -> Client:
    client = Client()
    client.force_login(tam, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def holds_secrets(body: str) -> set[str]:
    return {secret for secret in SECRETS if secret in body}


ROWS: dict[str, Callable[[Desk], Any]] = {
    "portal_account": lambda desk: desk.account,
    "portal_opportunity": lambda desk: desk.opportunity,
    "portal_membership": lambda desk: desk.membership,
    "portal_user": lambda desk: desk.member,
    "intake_submission": lambda desk: desk.request,
    "intake_customerlink": lambda desk: desk.link,
    "intake_foundlink": lambda desk: desk.found,
}
models = pytest.mark.parametrize("model", ROWS)


@models
def test_lists_show_and_find_no_row_of_another_tams_account(
    model: str, desks: dict[str, Desk], client: Client
) -> None:
    address = reverse(f"admin:{model}_changelist")
    views = [{"view": "all"}] if model == "intake_submission" else []
    for query in ({}, {"q": "quillf"}, {"q": "a"}, *views):
        answer = client.get(address, query)
        assert answer.status_code == 200
        assert holds_secrets(answer.content.decode()) == set()


@models
def test_pages_of_its_rows_do_not_exist_and_those_of_the_own_and_the_pool_do(
    model: str, desks: dict[str, Desk], client: Client
) -> None:
    for key, status in {"mine": 200, "pool": 200, "theirs": 404}.items():
        row = ROWS[model](desks[key])
        for page in ("change", "history"):
            answer = client.get(reverse(f"admin:{model}_{page}", args=[row.pk]))
            assert answer.status_code == status, (key, page)
        assert status == 200 or holds_secrets(answer.content.decode()) == set()


@models
def test_product_managers_and_administrators_open_them_all(
    model: str, desks: dict[str, Desk], make_user: MakeUser
) -> None:
    for role in (Role.PRODUCT_MANAGER, Role.ADMINISTRATOR):
        client = Client()
        client.force_login(make_user(f"{role}@larkfield.example", role=role))
        for desk in desks.values():
            address = reverse(f"admin:{model}_change", args=[ROWS[model](desk).pk])
            assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("field", "typed", "offered"),
    [
        ("user", "anna@", {"Anna of Aldgate Mills", "Anna of Brightwater"}),
        ("account", "", {"Aldgate Mills", "Brightwater"}),
    ],
)
def test_autocompletes_offer_nothing_of_another_tam(
    field: str, typed: str, offered: set[str], desks: dict[str, Desk], client: Client
) -> None:
    query = {"app_label": "portal", "model_name": "membership", "field_name": field}
    answer = client.get(reverse("admin:autocomplete"), {**query, "term": typed})
    assert {row["text"] for row in answer.json()["results"]} == offered


def test_a_posted_number_is_not_taken_for_what_was_not_offered(
    desks: dict[str, Desk], client: Client
) -> None:
    mine, theirs = desks["mine"], desks["theirs"]
    add = reverse("admin:portal_membership_add")
    for user, account in ((theirs.member, mine.account), (mine.member, theirs.account)):
        answer = client.post(add, {"user": user.pk, "account": account.pk})
        assert answer.status_code == 200
        assert "Select a valid choice" in answer.content.decode()
    assert Membership.objects.count() == len(desks)


def test_a_person_of_two_accounts_is_shown_with_the_visible_one(
    desks: dict[str, Desk], client: Client
) -> None:
    anna = desks["mine"].member
    Membership.objects.create(user=anna, account=desks["theirs"].account, basis="staff")
    page = client.get(reverse("admin:portal_user_change", args=[anna.pk])).content.decode()
    assert "Aldgate Mills" in page
    assert holds_secrets(page) == set()


def test_acts_on_its_requests_find_nothing_one_by_one_and_in_bulk(
    desks: dict[str, Desk], client: Client
) -> None:
    theirs, mine = desks["theirs"].request, desks["mine"].request
    address = reverse("admin:intake_submission_decide", args=[theirs.pk, "decline"])
    assert client.post(address, {"text": "No."}).status_code == 404
    posted = {"action": "decline_all", "text": "No.", ACTION_CHECKBOX_NAME: [theirs.pk, mine.pk]}
    client.post(QUEUE, posted)
    decisions = dict(Submission.objects.values_list("pk", "decision"))
    assert (decisions[theirs.pk], decisions[mine.pk]) == ("pending", "not_planned")


def test_the_acts_themselves_refuse(desks: dict[str, Desk], tam: User) -> None:
    """The rule stands before the act, not only on its page."""
    with pytest.raises(NotAllowed):
        decline(desks["theirs"].request, "No.", by=tam)
    with pytest.raises(NotAllowed):
        assign_account(desks["mine"].request, account=desks["theirs"].account, by=tam)
    assert not Event.objects.exists()


def test_the_search_for_an_account_finds_and_takes_visible_ones_only(
    desks: dict[str, Desk], client: Client
) -> None:
    pooled, theirs = desks["pool"], desks["theirs"].account
    for words in ("Quillfeather", theirs.salesforce_id):
        page = client.get(page_of(pooled.request), {"account": words}).content.decode()
        assert "No account fits" in page
        assert "7,777,777" not in page
    answer = act(client, pooled.request, "account", account=theirs.pk)
    assert messages_of(answer) == ["There is no such account."]
    act(client, pooled.request, "account", account=desks["mine"].account.pk)
    pooled.request.refresh_from_db()
    assert pooled.request.account == desks["mine"].account


def test_links_that_others_left_on_the_issue_are_counted_without_a_name(
    desks: dict[str, Desk], issue: Issue, client: Client
) -> None:
    mine = desks["mine"].request
    Submission.objects.filter(pk=mine.pk).update(issue=issue)
    page = client.get(page_of(mine)).content.decode()
    assert page.count("An account of another TAM") == 1
    assert "Brightwater" in page
    assert holds_secrets(page) == set()


def test_names_of_several_fitting_accounts_are_told_as_far_as_they_are_visible(
    desks: dict[str, Desk], client: Client, tam: User
) -> None:
    waiting = add_request(
        desks["mine"].member, account=None, trouble="several_accounts",
        trouble_detail="Aldgate Mills, Quillfeather Foundry",
    )  # fmt: skip
    page = client.get(page_of(waiting)).content.decode()
    assert "Aldgate Mills" in page
    assert holds_secrets(page) == set()
    User.objects.filter(pk=tam.pk).update(role=Role.PRODUCT_MANAGER)
    assert "Quillfeather Foundry" in client.get(page_of(waiting)).content.decode()


def test_the_history_does_not_name_an_account_it_did_not_stay_with(
    desks: dict[str, Desk], client: Client, make_user: MakeUser
) -> None:
    request = desks["pool"].request
    admin = make_user("noor@larkfield.example", role=Role.ADMINISTRATOR)
    assign_account(request, account=desks["theirs"].account, by=admin)
    assign_account(request, account=desks["mine"].account, by=admin)
    page = client.get(page_of(request)).content.decode()
    assert "The account was found: Aldgate Mills." in page
    assert holds_secrets(page) == set()


def test_what_a_tam_sent_for_an_account_that_is_anothers_now_is_still_theirs_to_follow(
    desks: dict[str, Desk], tam: User, client: Client
) -> None:
    theirs = desks["theirs"].request
    Submission.objects.filter(pk=theirs.pk).update(submitter=tam)
    assert theirs in visible_submissions(tam)
    assert theirs not in triaged_submissions(tam)
    page = reverse("intake:request", args=[theirs.token])
    assert client.get(page).status_code == 200
    assert client.get(page_of(theirs)).status_code == 404


def test_the_last_acts_do_not_name_an_account_that_was_taken_over(
    desks: dict[str, Desk], tam: User, other: User, client: Client
) -> None:
    mine = desks["mine"].account
    address = reverse("admin:portal_account_change", args=[mine.pk])
    counts = {"TOTAL_FORMS": "1", "INITIAL_FORMS": "0", "MIN_NUM_FORMS": "0", "MAX_NUM_FORMS": "99"}
    posted = {f"domains-{name}": value for name, value in counts.items()}
    posted |= {f"memberships-{name}": value for name, value in counts.items()}
    saved = client.post(address, posted | {"domains-0-domain": "mills.example"}, follow=True)
    assert "changed successfully" in saved.content.decode()
    Account.objects.filter(pk=mine.pk).update(tam=other)
    assert "Aldgate" not in client.get(reverse("admin:index")).content.decode()
    User.objects.filter(pk=tam.pk).update(role=Role.ADMINISTRATOR)
    assert "Aldgate" in client.get(reverse("admin:index")).content.decode()


def test_customers_pages_of_another_tams_requests_do_not_exist(
    desks: dict[str, Desk], client: Client
) -> None:
    for key, status in {"mine": 200, "pool": 200, "theirs": 404}.items():
        address = reverse("intake:request", args=[desks[key].request.token])
        assert client.get(address).status_code == status


def test_a_tam_sends_for_visible_accounts_and_a_submitter_for_any(
    desks: dict[str, Desk], tam: User, submitter: User, client: Client,
    make_draft: Callable[..., SubmissionDraft],
) -> None:  # fmt: skip
    posted = {"action": "find", "account_search": "Quillfeather"}
    page = client.post(reverse("intake:new_request_on_behalf"), posted).content.decode()
    assert "No account has" in page
    assert "Quillfeather Foundry" not in page
    behalf = OnBehalf(desks["theirs"].account.pk, "Anna", "", None, "", "", False)
    with pytest.raises(NotAllowed):
        submit(make_draft(on_behalf=behalf), by=tam)
    sent = submit(make_draft(on_behalf=behalf), by=submitter)
    assert sent.account == desks["theirs"].account


@pytest.mark.parametrize(
    ("role", "seen", "nameable"),
    [
        (Role.CUSTOMER, set(), set()),
        (Role.SUBMITTER, set(), {"mine", "pool", "theirs"}),
        (Role.TAM, {"mine", "pool"}, {"mine", "pool"}),
        (Role.PRODUCT_MANAGER, {"mine", "pool", "theirs"}, {"mine", "pool", "theirs"}),
        (Role.ADMINISTRATOR, {"mine", "pool", "theirs"}, {"mine", "pool", "theirs"}),
    ],
)
def test_which_accounts_exist_for_whom(
    role: Role, seen: set[str], nameable: set[str], desks: dict[str, Desk], tam: User
) -> None:
    tam.role = role
    keys = {desk.account.pk: key for key, desk in desks.items()}
    assert {keys[one.pk] for one in visible_accounts(tam)} == seen
    assert {keys[one.pk] for one in nameable_accounts(tam)} == nameable
    assert {keys[pk] for pk in find_hidden_accounts(tam, keys)} == set(keys.values()) - seen
    tam.is_active = False
    assert not visible_accounts(tam).exists()
    assert not nameable_accounts(tam).exists()


def test_people_who_belong_nowhere_yet_exist_for_every_tam(
    desks: dict[str, Desk], tam: User, other: User, make_user: MakeUser
) -> None:
    stranger = make_user("new@somewhere.example")
    seen = set(visible_people(tam))
    assert {stranger, other, tam, desks["mine"].member, desks["pool"].member} <= seen
    assert desks["theirs"].member not in seen
    assert desks["theirs"].member in visible_people(other)
