"""The request form: every bad input gets a sentence at its field, and nothing typed is cut."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from intake.forms import OnBehalfForm, ReplyForm, RequestTextForm, SubmissionForm
from intake.selectors.form_choices import (
    AccountChoice,
    ColleagueChoice,
    FormChoices,
    OpportunityChoice,
)

TOKEN = "0b0f4e6e-2f6e-4a2c-9d6a-5f3f1a2b3c4d"
CHOICES = FormChoices(
    accounts=(AccountChoice(1, "Northwind"),), colleagues=(ColleagueChoice(7, "Ben", 1),)
)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32


def posted(**fields: Any) -> QueryDict:
    data = QueryDict(mutable=True)
    whole = {
        "kind": "change",
        "summary": "Limit approvals by file path",
        "problem": "Anybody can approve.",
        "urgency": "nice_to_have",
        "intent": "retain",
        "form_token": TOKEN,
    }
    for name, value in (whole | fields).items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def bind(
    *files: SimpleUploadedFile, choices: FormChoices = CHOICES, **fields: Any
) -> SubmissionForm:
    uploads = MultiValueDict({"attachments": list(files)})
    return SubmissionForm(posted(**fields), uploads, choices=choices)


def error_of(form: Any, name: str) -> str:
    form.is_valid()
    return " ".join(form.errors.get(name, []))


def test_a_complete_form_becomes_a_frozen_draft() -> None:
    form = bind(
        SimpleUploadedFile("screen.png", PNG),
        SimpleUploadedFile("build.log", b"step 1\nstep 2\n"),
        links="https://gitlab.example/a/b/-/issues/1\nhttps://wiki.example/x",
        colleagues=["7"],
        reach="40",
        area="code_review",
    )
    assert form.is_valid(), form.errors
    draft = form.read_draft()
    assert draft.form_token == UUID(TOKEN)
    assert draft.account_id == 1
    assert draft.colleague_ids == (7,)
    assert draft.text.links == ("https://gitlab.example/a/b/-/issues/1", "https://wiki.example/x")
    assert draft.text.reach == 40
    assert [one.content_type for one in draft.attachments] == ["image/png", "text/plain"]
    with pytest.raises(AttributeError):
        draft.account_id = 2


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("summary", "", "say in one line"),
        ("summary", "too short", "at least 10 characters"),
        ("summary", "x" * 121, "1 too many"),
        ("summary", "x" * 1_000_000, "999,880 too many"),
        ("summary", "Limit approvals\0 by path", "U+0000"),
        ("summary", "Limit approvals \u202eby path", "U+202E"),
        ("summary", "\u200b\ufeff \u2060" * 20, "say in one line"),
        ("summary", "\u2800" * 20, "say in one line"),
        ("problem", "", "one sentence is enough"),
        ("problem", "y" * 10_001, "1 too many"),
        ("problem", "a\x1bb", "U+001B"),
        ("urgency", "", "comes closest"),
        ("urgency", "important", "Select a valid choice"),
        ("intent", "", "Not sure"),
        ("reach", "many", "whole number"),
        ("reach", "0", "at least 1"),
        ("reach", "99999999999", "check the number"),
        ("area", "somewhere", "Select a valid choice"),
        ("links", "javascript:alert(1)", "not a web address"),
        ("links", "not a link", "not a web address"),
        ("links", "\n".join(f"https://a.example/{n}" for n in range(11)), "at most 10"),
        ("kind", "broken", "quicker way"),
        ("kind", "", "what brings you here"),
        ("form_token", "not-a-token", "valid UUID"),
        ("colleagues", ["8"], "Select a valid choice"),
    ],
)
def test_bad_input_is_answered_at_its_field(field: str, value: Any, said: str) -> None:
    form = bind(**{field: value})
    assert said in error_of(form, field)
    assert form[field].value() == value


def test_html_and_quick_actions_are_text_like_any_other() -> None:
    form = bind(problem="<script>alert(1)</script>\n/close @all")
    assert form.is_valid()
    assert form.read_draft().text.problem == "<script>alert(1)</script>\n/close @all"


@pytest.mark.parametrize(
    ("urgency", "field", "said"),
    [
        ("blocker", "urgency_detail", "what is blocked"),
        ("churn_risk", "decide_by", "the day by which you must decide"),
    ],
)
def test_a_high_urgency_asks_on(urgency: str, field: str, said: str) -> None:
    assert said in error_of(bind(urgency=urgency), field)


def test_only_the_answer_that_belongs_to_the_urgency_is_kept() -> None:
    form = bind(urgency="nice_to_have", urgency_detail="Everything", decide_by="not a day")
    assert form.is_valid(), form.errors
    assert form.read_draft().text.urgency_detail == ""
    assert form.read_draft().text.decide_by is None


def test_a_day_in_the_past_is_refused_unless_it_was_there_before() -> None:
    fields = {"urgency": "churn_risk", "decide_by": "2020-01-31"}
    assert "This day is over" in error_of(bind(**fields), "decide_by")
    edited = RequestTextForm(posted(**fields), initial={"decide_by": date(2020, 1, 31)})
    assert edited.is_valid(), edited.errors


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("run.exe", b"MZ\x90\0" + b"\0" * 64, "cannot be sent"),
        ("page.html", b"<script>alert(1)</script>", "cannot be sent"),
        ("picture.png", b"<svg onload=alert(1)>", "cannot be sent"),
        ("notes.txt", b"\xff\xfe\0\0", "cannot be sent"),
        ("empty.txt", b"", "is empty"),
    ],
)
def test_files_are_told_by_their_content(name: str, content: bytes, said: str) -> None:
    assert said in error_of(bind(SimpleUploadedFile(name, content)), "attachments")


def test_large_and_many_files_are_refused_by_name(settings: Settings) -> None:
    settings.ATTACHMENT_MAX_BYTES = 1024 * 1024
    large = SimpleUploadedFile("huge.png", PNG + b"\0" * 1024 * 1024)
    assert "“huge.png” is larger than 1 MB" in error_of(bind(large), "attachments")
    many = [SimpleUploadedFile(f"{n}.png", PNG) for n in range(6)]
    assert "at most 5 files; there were 6" in error_of(bind(*many), "attachments")


def test_a_member_of_several_accounts_chooses_one_and_names_its_people_only() -> None:
    choices = FormChoices(
        accounts=(AccountChoice(1, "Northwind"), AccountChoice(2, "Southwind")),
        colleagues=(ColleagueChoice(7, "Ben", 1), ColleagueChoice(8, "Cleo", 2)),
    )
    assert "choose the organisation" in error_of(bind(choices=choices), "account")
    assert "Cleo" in error_of(bind(choices=choices, account="1", colleagues=["8"]), "colleagues")
    assert bind(choices=choices, account="1", colleagues=["7"]).is_valid()


def test_the_extra_urgency_is_offered_when_switched_on(settings: Settings) -> None:
    settings.EXTRA_URGENCY = True
    assert bind(urgency="important").is_valid()


def on_behalf(**fields: Any) -> OnBehalfForm:
    choices = FormChoices(
        accounts=(AccountChoice(1, "Northwind"), AccountChoice(2, "Northgate")),
        opportunities=(OpportunityChoice(5, "Roll-out", 2, "Northgate"),),
    )
    return OnBehalfForm(posted(**fields), MultiValueDict(), choices=choices)


def test_staff_submit_for_an_account() -> None:
    form = on_behalf(
        account="2",
        opportunity="5",
        contact_name="Ada",
        contact_email="ada@northgate.example",
        customer_words="We need it.",
        internal_note="Renewal soon.",
        tell_contact="on",
        urgency="important",
    )
    assert form.is_valid(), form.errors
    behalf = form.read_draft().on_behalf
    assert behalf is not None
    assert (behalf.account_id, behalf.opportunity_id, behalf.tell_contact) == (2, 5, True)


@pytest.mark.parametrize(
    ("fields", "name", "said"),
    [
        ({}, "account", "press Find"),
        ({"account": "3"}, "account", "Select a valid choice"),
        ({"account": "1", "opportunity": "5"}, "opportunity", "another account"),
        ({"account": "1", "tell_contact": "on"}, "contact_email", "untick"),
        ({"account": "1", "contact_email": "nobody"}, "contact_email", "whole address"),
    ],
)
def test_the_staff_form_says_what_to_do(fields: dict[str, Any], name: str, said: str) -> None:
    assert said in error_of(on_behalf(**fields), name)


def test_a_reply_needs_something_to_see() -> None:
    assert "write something" in error_of(ReplyForm({"text": "\u200b \n"}), "text")


@given(st.text(max_size=300))
def test_any_text_is_either_taken_or_answered(text: str) -> None:
    form = ReplyForm({"text": text})
    if form.is_valid():
        taken = form.cleaned_data["text"]
        assert taken
        assert "\0" not in taken
    else:
        assert form.errors["text"]
