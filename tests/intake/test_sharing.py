"""Who of a customer's own people may read a request: everybody there, some, or its author alone."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from intake.actions.edit import edit
from intake.actions.refusals import NotAllowed
from intake.actions.submit import submit
from intake.domain.draft import Audience, SubmissionDraft
from intake.models import Delivery, Follower, SavedDraft, Share, Submission
from intake.selectors.mail_link import sign_follower
from intake.selectors.request_page import read_text
from intake.selectors.similar import find_similar
from intake.selectors.visibility import customers_who_see, visible_submissions
from portal.models import Account, AuditEntry, Membership, User
from tests.intake.pages import at, read, refresh, sign_in, whole_form
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db

FORM = reverse("intake:new_request")
HOME = reverse("intake:my_requests")
STRANGER = "Please choose a colleague who can read this request."
LEVELS = ("organisation", "named", "only_me")

MakeUser = Callable[..., User]
MakeDraft = Callable[..., SubmissionDraft]


@pytest.fixture
def ada(make_user: MakeUser, account: Account) -> User:
    """A lead of the account."""
    user = make_user("ada@northwind-freight.example", name="Ada Brandt")
    basis = Membership.Basis.STAFF
    Membership.objects.create(user=user, account=account, basis=basis, is_lead=True)
    return user


@pytest.fixture
def gone(make_user: MakeUser, account: Account) -> User:
    """Somebody who was removed from the account."""
    user = make_user("gone@northwind-freight.example", name="Gone")
    basis = Membership.Basis.DOMAIN
    Membership.objects.create(
        user=user, account=account, basis=basis, is_confirmed=False, ended_at=NOW
    )
    return user


def share(sent: Submission, sharing: str, *named: User) -> Submission:
    Submission.objects.filter(pk=sent.pk).update(sharing=sharing)
    for person in named:
        Share.objects.create(submission=sent, user=person)
    return refresh(sent)


def edit_form(sent: Submission, **fields: object) -> dict[str, object]:
    text = {"summary": sent.summary, "problem": sent.problem, "workaround": sent.workaround}
    text |= {"urgency": sent.urgency, "urgency_detail": sent.urgency_detail, "intent": sent.intent}
    return text | {"reach": sent.reach, "links": "\n".join(sent.links)} | fields


@pytest.mark.parametrize(
    ("sharing", "readers"),
    [
        ("organisation", {"maya", "ben", "ada"}),
        ("named", {"maya", "ben"}),
        ("only_me", {"maya"}),
    ],
)
def test_who_opens_the_page_and_what_stays_hidden_even_from_a_lead(
    sharing: str, readers: set[str], sent: Submission, maya: User, ben: User, ada: User,
    gone: User, eve: User,
) -> None:  # fmt: skip
    share(sent, sharing, ben, gone, eve)
    people = {"maya": maya, "ben": ben, "ada": ada, "gone": gone, "eve": eve}
    opened = {
        name
        for name, person in people.items()
        if sign_in(person).get(at("request", sent)).status_code == 200
    }
    assert opened == readers


def test_both_directions_of_the_rule_agree(
    maya: User, ben: User, ada: User, gone: User, eve: User, submitter: User, account: Account,
    make_wish: Callable[..., Submission], make_account: Callable[[str], Account],
) -> None:  # fmt: skip
    """For every request those who are listed as its readers are those who find it."""
    other = make_account("Elsewhere")
    Membership.objects.create(user=ada, account=other, basis=Membership.Basis.STAFF)
    Membership.objects.create(user=eve, account=other, basis=Membership.Basis.STAFF)
    people = [maya, ben, ada, gone, eve]
    for level in LEVELS:
        for sender in (maya, gone, submitter):
            for owner in (account, other, None):
                contact = "BEN@northwind-freight.example" if sender == submitter else ""
                fields = {"sharing": level, "submitter": sender, "account": owner}
                wish = make_wish(None, **fields, contact_email=contact)
                share(wish, level, ada, gone)
    User.objects.filter(pk=eve.pk).update(is_active=False)
    assert Submission.objects.count() == 27
    for wish in Submission.objects.all():
        finders = {
            person.pk
            for person in User.objects.filter(pk__in=[one.pk for one in people])
            if visible_submissions(person).filter(pk=wish.pk).exists()
        }
        assert set(customers_who_see(wish).values_list("pk", flat=True)) == finders


def test_staff_see_and_decide_whatever_the_customer_keeps_to_themselves(
    sent: Submission, tam: User
) -> None:
    share(sent, "only_me")
    client = sign_in(tam)
    assert client.get(at("request", sent)).status_code == 200
    page = client.get(reverse("admin:intake_submission_change", args=[sent.pk]))
    assert sent.summary in page.content.decode()


def test_what_is_kept_back_is_in_no_list_file_suggestion_or_sum_of_a_colleague(
    maya: User, ben: User, make_draft: MakeDraft
) -> None:
    sent = submit(make_draft(summary="Merge trains for the payment folder"), by=maya)
    organisation = {"whose": "organisation"}

    def told(person: User) -> list[bool]:
        client = sign_in(person)
        similar = find_similar("Merge trains for the payment folder", "", user=person)
        return [
            sent.reference in client.get(HOME, organisation).content.decode(),
            sent.reference in client.get(reverse("intake:export"), organisation).content.decode(),
            sent.token in {one.token for one in similar},
        ]

    assert told(ben) == [True, True, True]
    share(sent, "only_me")
    assert told(ben) == [False, False, False]
    assert told(maya) == [True, True, True]


def test_lists_mark_what_is_not_for_everybody(maya: User, ben: User, make_draft: MakeDraft) -> None:
    submit(make_draft(sharing="only_me"), by=maya)
    submit(make_draft(sharing="named", colleague_ids=(ben.pk,)), by=maya)
    page = sign_in(maya).get(HOME).content.decode()
    assert page.count("only you see it") == 1
    assert page.count("for chosen colleagues") == 1


def test_it_is_chosen_on_the_form(maya: User, ben: User, ada: User) -> None:
    client = sign_in(maya)
    page = client.get(FORM).content.decode()
    assert 'value="organisation" id="id_sharing_0" checked' in page
    client.post(FORM, whole_form(sharing="named", colleagues=[ben.pk]))
    sent = Submission.objects.get()
    assert sent.sharing == "named"
    assert [one.user for one in sent.shares.all()] == [ben]
    assert {one.user for one in sent.followers.all()} == {maya, ben}
    assert sign_in(ada).get(at("request", sent)).status_code == 404


def test_a_form_without_an_answer_is_for_the_organisation(maya: User) -> None:
    sign_in(maya).post(FORM, whole_form())
    assert Submission.objects.get().sharing == "organisation"


@pytest.mark.parametrize(
    ("sharing", "ticks_ben", "error"),
    [
        ("named", False, "tick at least one colleague"),
        ("only_me", True, "Only you can read it: untick them"),
        ("everybody", False, "choose one of the answers shown"),
    ],
)
def test_a_contradiction_is_told_beside_the_field_and_nothing_typed_is_lost(
    sharing: str, ticks_ben: bool, error: str, maya: User, ben: User
) -> None:
    colleagues = [ben.pk] if ticks_ben else []
    fields = whole_form(sharing=sharing, colleagues=colleagues, problem="Half a day a week.")
    page = sign_in(maya).post(FORM, fields).content.decode()
    assert error in page
    assert "Half a day a week." in page
    assert not Submission.objects.exists()


def test_who_has_no_colleagues_here_may_keep_it_to_themselves(maya: User) -> None:
    client = sign_in(maya)
    page = client.get(FORM).content.decode()
    assert 'name="sharing" value="only_me"' in page
    assert 'name="sharing" value="named"' not in page
    client.post(FORM, whole_form(sharing="named"))
    assert not Submission.objects.exists()
    client.post(FORM, whole_form(sharing="only_me"))
    assert Submission.objects.get().sharing == "only_me"


def test_a_draft_keeps_the_answer(maya: User, ben: User) -> None:
    client = sign_in(maya)
    fields = whole_form(sharing="named", colleagues=[ben.pk], action="draft")
    client.post(FORM, fields)
    assert SavedDraft.objects.get().fields["sharing"] == ["named"]
    page = client.get(FORM).content.decode()
    assert 'value="named" id="id_sharing_1" checked' in page


def test_staff_do_not_answer_it_for_the_customer(submitter: User, sent: Submission) -> None:
    client = sign_in(submitter)
    assert 'name="sharing"' not in client.get(FORM + "on-behalf/").content.decode()
    Submission.objects.filter(pk=sent.pk).update(submitter=submitter)
    page = client.get(at("edit", sent)).content.decode()
    assert 'name="summary"' in page
    assert 'name="sharing"' not in page


def test_the_page_says_who_sees_it_to_each_reader(
    sent: Submission, maya: User, ben: User, tam: User
) -> None:
    def words(person: User) -> str:
        page = read(sign_in(person), sent)
        after = page.partition("<h2>Who can see this</h2>")[2].partition("</section>")[0]
        return " ".join(after.split())

    assert "Everybody at <strong>Northwind Freight</strong>" in words(ben)
    share(sent, "named", ben)
    assert "You, the colleagues named here, and our product team" in words(maya)
    assert "<li>Ben Okafor</li>" in words(maya)
    assert "Change who can see it" in words(maya)
    assert "Maya Lindqvist, the colleagues named here" in words(ben)
    assert "Ben Okafor (you)" in words(ben)
    assert "Change who can see it" not in words(ben)
    share(sent, "only_me")
    assert "Only you, and our product team" in words(maya)
    assert "Only Maya Lindqvist, and our product team" in words(tam)


def test_only_those_who_may_read_it_are_offered_and_can_be_added_as_followers(
    sent: Submission, maya: User, ben: User, ada: User, eve: User
) -> None:
    share(sent, "named", ben)
    client = sign_in(maya)
    page = read(client, sent)
    assert f'<option value="{ben.pk}"' in page
    assert f'<option value="{ada.pk}"' not in page
    answers = set()
    for person in (ada.pk, eve.pk, 999_999, 10**30, "x"):
        posted = {"action": "add", "person": person}
        answer = client.post(at("follow", sent), posted, follow=True)
        answers.add((answer.status_code, *(str(one) for one in answer.context["messages"])))
    assert answers == {(200, STRANGER)}
    client.post(at("follow", sent), {"action": "add", "person": ben.pk})
    assert {one.user for one in sent.followers.all()} == {maya, ben}


class TestChangedLater:
    """On the edit page, by the author."""

    @pytest.fixture
    def client(self, maya: User) -> Client:
        return sign_in(maya)

    def test_whoever_is_left_out_finds_nothing_and_hears_nothing_more(
        self, client: Client, sent: Submission, ben: User
    ) -> None:
        client.post(at("follow", sent), {"action": "add", "person": ben.pk})
        follower = Follower.objects.get(user=ben)
        Delivery.objects.create(event=sent.events.get(), follower=follower, due_at=NOW)
        link = reverse("intake:mail_level", args=[sign_follower(follower)])
        assert Client().get(link).status_code == 200
        answer = client.post(at("edit", sent), edit_form(sent, sharing="only_me"))
        assert answer.status_code == 302
        assert refresh(sent).sharing == "only_me"
        assert not Follower.objects.filter(user=ben).exists()
        assert not Delivery.objects.filter(follower__user=ben).exists()
        assert sign_in(ben).get(at("request", sent)).status_code == 404
        assert Client().get(link).status_code == 404

    def test_whoever_is_named_anew_reads_it_and_follows(
        self, client: Client, sent: Submission, ben: User, ada: User
    ) -> None:
        named = edit_form(sent, sharing="named", colleagues=[ben.pk])
        client.post(at("edit", sent), named)
        assert sign_in(ben).get(at("request", sent)).status_code == 200
        assert Follower.objects.filter(user=ben).exists()
        page = client.get(at("edit", sent)).content.decode()
        assert f'value="{ben.pk}" id="id_colleagues_0" checked' in page
        client.post(at("edit", sent), named | {"colleagues": [ada.pk]})
        assert [one.user for one in sent.shares.all()] == [ada]
        assert not Follower.objects.filter(user=ben).exists()

    def test_who_stopped_following_is_not_signed_up_again(
        self, client: Client, sent: Submission, ben: User, ada: User
    ) -> None:
        client.post(at("edit", sent), edit_form(sent, sharing="named", colleagues=[ben.pk]))
        sign_in(ben).post(at("follow", sent), {"action": "stop"})
        both = edit_form(sent, sharing="named", colleagues=[ben.pk, ada.pk])
        client.post(at("edit", sent), both)
        assert not Follower.objects.filter(user=ben).exists()
        assert Follower.objects.filter(user=ada).exists()

    def test_the_history_and_the_audit_tell_it_and_the_words_are_not_searched_anew(
        self, client: Client, sent: Submission, maya: User
    ) -> None:
        Submission.objects.filter(pk=sent.pk).update(stage="announced", due_at=None)
        client.post(at("edit", sent), edit_form(sent, sharing="only_me"))
        assert "Who may read it was changed: whoever sent it alone." in read(client, sent)
        entry = AuditEntry.objects.get(action="sharing changed")
        assert (entry.object_reference, entry.actor_reference) == (sent.reference, maya.reference)
        assert entry.details == {"sharing": "only_me", "readers": 1}
        assert (refresh(sent).stage, refresh(sent).due_at) == ("announced", None)

    def test_saving_what_stands_there_already_changes_nothing(
        self, client: Client, sent: Submission
    ) -> None:
        events = sent.events.count()
        client.post(at("edit", sent), edit_form(sent, sharing="organisation"))
        assert sent.events.count() == events
        assert not AuditEntry.objects.filter(action="sharing changed").exists()

    def test_no_edit_opens_it_to_more_people_by_itself(
        self, client: Client, sent: Submission, ben: User
    ) -> None:
        share(sent, "only_me")
        client.post(at("edit", sent), edit_form(sent, problem="Said better."))
        assert (refresh(sent).sharing, refresh(sent).problem) == ("only_me", "Said better.")
        share(sent, "named", ben)
        Membership.objects.filter(user=ben).update(is_confirmed=False)
        page = client.get(at("edit", sent)).content.decode()
        assert 'value="only_me" id="id_sharing_1" checked' in page
        client.post(at("edit", sent), edit_form(sent))
        assert refresh(sent).sharing == "only_me"

    def test_somebody_of_another_organisation_cannot_be_named(
        self, client: Client, sent: Submission, ben: User, eve: User
    ) -> None:
        posted = edit_form(sent, sharing="named", colleagues=[eve.pk])
        assert client.post(at("edit", sent), posted).status_code == 200
        assert refresh(sent).sharing == "organisation"
        with pytest.raises(NotAllowed):
            edit(
                sent,
                read_text(sent),
                by=sent.submitter,
                audience=Audience("named", (ben.pk, eve.pk)),
            )
        assert not Share.objects.exists()
        assert refresh(sent).sharing == "organisation"

    def test_a_colleague_changes_nothing(self, sent: Submission, ben: User) -> None:
        answer = sign_in(ben).post(at("edit", sent), edit_form(sent, sharing="only_me"))
        assert answer.status_code == 302
        assert refresh(sent).sharing == "organisation"

    def test_the_contact_of_a_request_decides_as_its_author_does(
        self, sent: Submission, submitter: User, ben: User, maya: User
    ) -> None:
        Submission.objects.filter(pk=sent.pk).update(submitter=submitter, contact_email=ben.email)
        sign_in(ben).post(at("edit", sent), edit_form(sent, sharing="only_me"))
        assert sign_in(ben).get(at("request", sent)).status_code == 200
        assert sign_in(submitter).get(at("request", sent)).status_code == 200
        assert sign_in(maya).get(at("request", sent)).status_code == 404


def test_only_colleagues_can_be_named_when_it_is_sent(
    maya: User, ben: User, eve: User, make_draft: MakeDraft
) -> None:
    for draft in (
        make_draft(sharing="named", colleague_ids=(eve.pk,)),
        make_draft(sharing="only_me", colleague_ids=(ben.pk,)),
    ):
        with pytest.raises(NotAllowed):
            submit(draft, by=maya)
    assert not Submission.objects.exists()


def test_a_page_costs_no_more_however_many_are_named(
    sent: Submission, maya: User, make_user: MakeUser, account: Account,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    people = [make_user(f"p{n}@northwind-freight.example") for n in range(20)]
    for person in people:
        Membership.objects.create(user=person, account=account, basis=Membership.Basis.STAFF)
    share(sent, "named", *people)
    client = sign_in(maya)
    for address in (at("request", sent), HOME, FORM, at("edit", sent)):
        with django_assert_max_num_queries(8):
            assert client.get(address).status_code == 200
