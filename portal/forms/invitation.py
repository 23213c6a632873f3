"""Whom a lead invites."""

from typing import Any

from django import forms

WRONG = "This is not an e-mail address. Please check it for a typing slip: name@company.example."


class InvitationForm(forms.Form):
    """One for each account on the page, so that ids tell them apart."""

    use_required_attribute = False
    email = forms.EmailField(
        label="E-mail address",
        help_text="Any address they read, also a private one.",
        max_length=254,
        error_messages={
            "required": "Please give the address of the colleague you expect.",
            "invalid": WRONG,
            "max_length": WRONG,
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    is_lead = forms.BooleanField(
        label="They lead too: invite and remove colleagues", required=False
    )

    def __init__(self, data: Any = None, *, account_id: int) -> None:
        super().__init__(data, auto_id=f"id_{account_id}_%s")

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()
