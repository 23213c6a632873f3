"""Asking for a change in the browser: what is sent arrives once, what is typed is never lost."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from intake.models import SavedDraft, Submission
from intake.views.new_request import DRAFT_COOKIE
from portal.models import Account, Opportunity, User
from tests.intake.pages import sign_in, whole_form

FORM = reverse("intake:new_request")
STAFF_FORM = reverse("intake:new_request_on_behalf")
PROMISE = "A person reads every request and answers within one working day."


def test_the_form_says_who_sees_it_and_asks_everything_in_order(maya: User, ben: User) -> None:
    page = sign_in(maya).get(FORM).content.decode()
    assert PROMISE in page
    assert "<strong>Northwind Freight</strong>" in page
    asked = "kind summary problem workaround urgency intent reach area links attachments colleagues"
    places = [page.index(f'name="{name}"') for name in asked.split()]
    assert places == sorted(places)
    assert page.index('value="send"') < page.index('value="draft"')
    assert 'content=\'{"includeIndicatorStyles":false,"allowEval":false' in page
    assert "Ben Okafor" in page


def test_sending_makes_one_request_and_shows_when_what_happens(maya: User) -> None:
    client, fields = sign_in(maya), whole_form()
    first = client.post(FORM, fields)
    second = client.post(FORM, fields)
    sent = Submission.objects.get()
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"] == reverse("intake:received", args=[sent.token])
    page = client.get(first["Location"]).content.decode()
    assert sent.reference in page
    assert page.count("<time ") == 3


def test_a_refused_form_keeps_every_word_and_names_the_files(maya: User) -> None:
    fields = whole_form(summary="short", problem="<b>We</b> wait & wait", urgency="blocker")
    upload = SimpleUploadedFile("plan.txt", b"a plan")
    page = sign_in(maya).post(FORM, fields | {"attachments": upload}).content.decode()
    assert "at least 10 characters" in page
    assert 'aria-describedby="id_summary_helptext id_summary_error"' in page
    assert "&lt;b&gt;We&lt;/b&gt; wait &amp; wait" in page
    assert 'href="#id_summary"' in page
    assert 'value="blocker" id="id_urgency_1" checked' in page
    assert "<li>plan.txt</li>" in page
    assert not Submission.objects.exists()


def test_a_draft_comes_back_and_is_gone_once_sent(maya: User) -> None:
    client, fields = sign_in(maya), whole_form(problem="Half a thought", action="draft")
    assert client.post(FORM, fields)["Location"] == reverse("intake:my_requests")
    page = client.get(FORM).content.decode()
    assert "Your draft is back" in page
    assert "Half a thought" in page
    client.post(FORM, {**fields, "action": "send"})
    assert not SavedDraft.objects.exists()


def test_a_draft_can_be_thrown_away(maya: User) -> None:
    client = sign_in(maya)
    client.post(FORM, whole_form(action="draft"))
    client.post(FORM, {"action": "discard"})
    assert "Your draft is back" not in client.get(FORM).content.decode()


def test_signed_out_in_between_the_text_waits_behind_the_sign_in(maya: User) -> None:
    client = Client()
    answer = client.post(FORM, whole_form(problem="Typed for\0 an hour"))
    assert answer["Location"] == f"{reverse('account_login')}?next={FORM}"
    assert client.cookies[DRAFT_COOKIE]["httponly"]
    client.force_login(maya, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "Typed for an hour" in client.get(FORM).content.decode()
    assert SavedDraft.objects.get().user == maya


def test_a_draft_of_somebody_else_is_not_handed_out(maya: User, ben: User) -> None:
    kept = Client()
    kept.post(FORM, whole_form(problem="Maya's secret"))
    client = sign_in(ben)
    client.cookies[DRAFT_COOKIE] = SavedDraft.objects.get().token  # not signed
    assert "secret" not in client.get(FORM).content.decode()


def test_a_failed_forgery_check_shows_the_text_again(maya: User) -> None:
    client = sign_in(maya, checks_forgery=True)
    fields = whole_form(problem="Typed in two windows")
    upload = SimpleUploadedFile("plan.txt", b"a plan")
    answer = client.post(
        FORM, fields | {"attachments": upload}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "press Send once more" in page
    assert "Typed in two windows" in page
    assert "<li>plan.txt</li>" in page
    assert not Submission.objects.exists()
    assert SavedDraft.objects.get().user is None


def test_what_another_site_posts_is_not_kept(maya: User) -> None:
    client = sign_in(maya, checks_forgery=True)
    answer = client.post(FORM, whole_form(), headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert not SavedDraft.objects.exists()


def test_staff_find_the_account_and_send_for_it(submitter: User, account: Account) -> None:
    client = sign_in(submitter)
    opportunity = Opportunity.objects.create(
        salesforce_id="006000000000001AAA",
        account=account,
        name="Roll-out",
        refreshed_at=account.refreshed_at,
    )
    found = client.post(STAFF_FORM, whole_form(action="find", account_search="north"))
    page = found.content.decode()
    assert "Northwind Freight" in page
    assert "Roll-out" in page
    assert "Anybody can approve a change" in page
    client.post(
        STAFF_FORM,
        whole_form(
            account_search="north",
            account=str(account.pk),
            opportunity=str(opportunity.pk),
            customer_words="We need it.",
        ),
    )
    sent = Submission.objects.get()
    assert (sent.account, sent.opportunity, sent.customer_words) == (
        account,
        opportunity,
        "We need it.",
    )


def test_the_staff_form_is_closed_to_customers(maya: User) -> None:
    client = sign_in(maya)
    assert client.get(STAFF_FORM).status_code == 403
    assert client.post(STAFF_FORM, whole_form(account="1")).status_code == 403


@pytest.mark.parametrize("name", ["new_request", "my_requests"])
def test_pages_ask_for_a_sign_in(client: Client, name: str) -> None:
    answer = client.get(reverse(f"intake:{name}"))
    assert answer["Location"].startswith(reverse("account_login"))


def test_the_form_needs_few_queries(
    maya: User, ben: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in(maya)
    client.post(FORM, whole_form(action="draft"))
    client.get(FORM)
    with django_assert_max_num_queries(8):
        client.get(FORM)


def test_what_one_person_typed_is_never_shown_to_another(
    maya: User, make_user: Callable[..., User]
) -> None:
    """Blank fields are drawn once for everybody; answers are not."""
    mine = (
        sign_in(maya)
        .post(reverse("intake:new_request"), {"action": "send", "problem": "only mine"})
        .content.decode()
    )
    other = make_user("somebody@elsewhere.example")
    theirs = sign_in(other).get(reverse("intake:new_request")).content.decode()
    assert "only mine" in mine
    assert "only mine" not in theirs
    assert (
        "Please"
        not in sign_in(maya)
        .get(reverse("intake:new_request"))
        .content.decode()
        .partition("<form")[2][:2000]
    )
