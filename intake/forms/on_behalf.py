"""The staff variant: the same form, sent for a customer."""

from typing import Any, cast

from django import forms

from intake.domain.draft import OnBehalf
from intake.forms.fields import Cards, LineField, TextBox, WordsField
from intake.forms.request import CHANGE, SubmissionForm
from intake.forms.request_text import offer
from intake.selectors.form_choices import FormChoices

FIND_FIRST = "Type the beginning of the account's name, press Find, then choose it."


class OnBehalfForm(SubmissionForm):
    """`choices.accounts` are the accounts found for what was typed into `account_search`."""

    asked_for = SubmissionForm.asked_for | {"account_search"}
    # The customer's own affair: their contact may change it.
    sharing = None  # type: ignore[assignment]

    account_search = LineField(
        label="Account",
        help_text="The beginning of its name, then Find.",
        required=False,
        at_most=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    contact_name = LineField(
        label="Who asked",
        required=False,
        at_most=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    contact_email = forms.EmailField(
        label="Their e-mail address",
        required=False,
        max_length=254,
        error_messages={"invalid": "Please give a whole address, such as name@company.example."},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "maxlength": None}),
    )
    opportunity = forms.TypedChoiceField(
        label="Opportunity",
        help_text="Open ones of the account. Choose one when the wish decides a deal.",
        required=False,
        coerce=int,
        empty_value=None,
    )
    customer_words = WordsField(
        label="The customer's own words",
        help_text="As they wrote or said it; the customer sees this text.",
        required=False,
        at_most=10_000,
        widget=TextBox(rows=4, limit=10_000),
    )
    internal_note = WordsField(
        label="Internal note",
        help_text="Only staff read it.",
        required=False,
        at_most=5_000,
        widget=TextBox(rows=3, limit=5_000),
    )
    tell_contact = forms.BooleanField(
        label="Tell the contact",
        help_text="They get the confirmation and the news by mail, once they have signed in here.",
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, choices: FormChoices, **kwargs: Any) -> None:
        super().__init__(*args, choices=choices, with_important=True, **kwargs)
        self.fields["kind"].initial = CHANGE
        names = [(one.id, f"{one.name} ({one.account_name})") for one in choices.opportunities]
        offer(self, "opportunity", [("", "None"), *names])

    def _offer(self, name: str, options: list[tuple[int, str]], *, at_least: int) -> None:
        if name == "account":
            field = cast(forms.ChoiceField, self.fields[name])
            field.label, field.widget, field.choices = (
                "Choose the account",
                Cards(arrangement="ticks"),
                options,
            )
            field.error_messages["required"] = FIND_FIRST
        else:
            super()._offer(name, options, at_least=at_least)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        picked = cleaned.get("opportunity")
        owner = {one.id: one.account_id for one in self.choices.opportunities}
        if picked and owner.get(picked) != cleaned.get("account"):
            self.add_error("opportunity", "This opportunity belongs to another account.")
        if cleaned.get("tell_contact") and cleaned.get("contact_email") == "":
            self.add_error("contact_email", "Give an address, or untick “Tell the contact”.")
        return cleaned

    def read_on_behalf(self) -> OnBehalf:
        cleaned = self.cleaned_data
        return OnBehalf(
            account_id=cleaned["account"],
            contact_name=cleaned["contact_name"],
            contact_email=cleaned["contact_email"],
            opportunity_id=cleaned["opportunity"],
            customer_words=cleaned["customer_words"],
            internal_note=cleaned["internal_note"],
            tell_contact=cleaned["tell_contact"],
        )
