"""Who may open which page of the staff side, by hand from the roles."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from intake.models import CrosswalkVersion, CustomerLink, FoundLink, Issue
from portal.admin.site import site
from portal.models import Account, Membership, Opportunity, Role, User
from scoring.models import PublishedLabels, WeightsVersion
from tests.intake.triage_desk import add_request

pytestmark = pytest.mark.django_db

SENTINEL = "7777777"
TAM, PRODUCT, ADMIN = Role.TAM, Role.PRODUCT_MANAGER, Role.ADMINISTRATOR

# Page → status for a TAM, a product manager and an administrator. Everybody else: 404.
PAGES: dict[str, tuple[int, int, int]] = {
    "index": (200, 200, 200),
    "operations": (200, 200, 200),
    "app_list intake": (200, 200, 200),
    "app_list portal": (200, 200, 200),
    "app_list scoring": (200, 200, 200),
    "intake_submission_changelist": (200, 200, 200),
    "intake_submission_change": (200, 200, 200),
    "intake_submission_history": (200, 200, 200),
    "intake_submission_add": (403, 403, 403),
    "intake_submission_delete": (403, 403, 403),
    "intake_issue_changelist": (200, 200, 200),
    "intake_issue_change": (200, 200, 200),
    "intake_issue_add": (403, 403, 403),
    "intake_issue_delete": (403, 403, 403),
    "intake_customerlink_changelist": (200, 200, 200),
    "intake_customerlink_change": (200, 200, 200),
    "intake_customerlink_add": (403, 403, 403),
    "intake_customerlink_delete": (403, 403, 403),
    "intake_foundlink_changelist": (200, 200, 200),
    "intake_foundlink_change": (200, 200, 200),
    "intake_foundlink_add": (403, 403, 403),
    "intake_foundlink_delete": (403, 403, 403),
    "intake_statewording_changelist": (200, 200, 200),
    "intake_statewording_add": (403, 403, 200),
    "intake_crosswalkversion_changelist": (200, 200, 200),
    "intake_crosswalkversion_change": (200, 200, 200),
    "intake_crosswalkversion_add": (403, 403, 200),
    "intake_crosswalkversion_delete": (403, 403, 403),
    "portal_account_changelist": (200, 200, 200),
    "portal_account_change": (200, 200, 200),
    "portal_account_history": (200, 200, 200),
    "portal_account_add": (403, 403, 403),
    "portal_account_delete": (403, 403, 403),
    "portal_membership_changelist": (200, 200, 200),
    "portal_membership_change": (200, 200, 200),
    "portal_membership_add": (403, 403, 403),
    "portal_opportunity_changelist": (200, 200, 200),
    "portal_opportunity_change": (200, 200, 200),
    "portal_opportunity_add": (403, 403, 403),
    "portal_user_changelist": (200, 200, 200),
    "portal_user_change": (200, 200, 200),
    "portal_user_add": (403, 403, 200),
    "portal_user_delete": (403, 403, 403),
    "scoring_publishedlabels_changelist": (200, 200, 200),
    "scoring_publishedlabels_change": (200, 200, 200),
    "scoring_publishedlabels_add": (403, 403, 403),
    "scoring_publishedlabels_delete": (403, 403, 403),
    "scoring_weightsversion_changelist": (200, 200, 200),
    "scoring_weightsversion_change": (200, 200, 200),
    "scoring_weightsversion_add": (403, 403, 200),
    "scoring_weightsversion_delete": (403, 403, 403),
    "password_change": (404, 404, 404),
    "password_change_done": (404, 404, 404),
}


@pytest.fixture
def rows(maya: User, account: Account, make_issue: Callable[..., Issue]) -> dict[str, int]:
    """One row of everything, by model."""
    now = timezone.now()
    Account.objects.filter(pk=account.pk).update(arr=SENTINEL)
    issue = make_issue()
    return {
        "submission": add_request(maya, summary="A secret wish for our payments").pk,
        "issue": issue.pk,
        "customerlink": CustomerLink.objects.create(issue=issue, account=account).pk,
        "foundlink": FoundLink.objects.create(
            issue=issue,
            counts_on=issue,
            source="description",
            salesforce_id="001A",
            account=account,
            updated_at=now,
        ).pk,
        "crosswalkversion": CrosswalkVersion.objects.get().pk,
        "account": account.pk,
        "membership": Membership.objects.get(user=maya).pk,
        "opportunity": Opportunity.objects.create(
            salesforce_id="006A", account=account, name="A secret deal", refreshed_at=now
        ).pk,
        "user": maya.pk,
        "publishedlabels": PublishedLabels.objects.create(issue=issue).pk,
        "weightsversion": WeightsVersion.objects.create(number=1, content={}, created_at=now).pk,
    }


@pytest.fixture
def outsiders(maya: User, submitter: User) -> list[User]:
    return [maya, submitter]


@pytest.fixture
def gone(make_user: Callable[..., User]) -> User:
    """A TAM who left."""
    return make_user("gone@larkfield.example", role=Role.TAM, is_active=False)


def address_of(page: str, rows: dict[str, int]) -> str:
    if page.startswith("app_list"):
        return reverse("admin:app_list", args=[page.split()[1]])
    takes_row = page.count("_") == 2 and page.endswith(("_change", "_delete", "_history"))
    return reverse(f"admin:{page}", args=[rows[page.split("_")[1]]] if takes_row else [])


@pytest.mark.parametrize("page", PAGES)
def test_who_triages_sees_what_the_table_says(
    page: str, rows: dict[str, int], client: Client, make_user: Callable[..., User]
) -> None:
    address = address_of(page, rows)
    for role, expected in zip((TAM, PRODUCT, ADMIN), PAGES[page], strict=True):
        client.force_login(make_user(f"{role}@larkfield.example", role=role))
        assert client.get(address).status_code == expected, role


@pytest.mark.parametrize("page", [*PAGES, "autocomplete", "jsi18n"])
def test_for_everybody_else_the_staff_side_does_not_exist(
    page: str, rows: dict[str, int], client: Client, outsiders: list[User], gone: User
) -> None:
    address = address_of(page, rows)
    for person in outsiders:
        client.force_login(person)
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code == 404
            assert SENTINEL not in answer.content.decode()
            assert "secret" not in answer.content.decode()
    client.force_login(gone)
    assert client.get(address).status_code == 302
    client.logout()
    answer = client.get(address, follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))


def test_every_page_of_the_staff_side_has_its_row(rows: dict[str, int]) -> None:
    known = {page.split()[0] for page in PAGES} | {"autocomplete", "jsi18n", "login", "logout"}
    known |= {"view_on_site", "intake_submission_decide"}
    suffixes = ("_history", "_delete", "_change", "_add")
    named = {
        pattern.name
        for entry in site.get_urls()
        for pattern in getattr(entry, "url_patterns", [entry])
        if pattern.name
    }
    unknown = {name for name in named - known if not name.endswith(suffixes)}
    assert unknown == set()
    models = {name.rsplit("_", 1)[0] for name in named if name.endswith("_changelist")}
    assert models == {page.rsplit("_", 1)[0] for page in PAGES if page.endswith("_changelist")}


def test_signing_in_is_the_sites_own(client: Client, tam: User) -> None:
    answer = client.get(reverse("admin:login"), {"next": "/admin/intake/submission/"})
    assert answer.headers["Location"].startswith(reverse("account_login"))
    assert "next=/admin/intake/submission/" in answer.headers["Location"]
    client.force_login(tam)
    assert client.get(reverse("admin:login")).headers["Location"] == reverse("admin:index")


def test_signing_out_is_the_sites_own(client: Client, tam: User) -> None:
    client.force_login(tam)
    assert client.post(reverse("admin:logout")).headers["Location"] == reverse("account_logout")


def test_nothing_of_the_sign_in_machinery_is_registered() -> None:
    apps = {model._meta.app_label for model in site._registry}
    assert apps == {"portal", "intake", "scoring"}
