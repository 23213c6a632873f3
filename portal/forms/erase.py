"""Typing a name in full before what cannot be taken back."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError


class ErasureForm(forms.Form):
    """`expected` is what has to be typed: one's own address, or a person's reference."""

    typed = forms.CharField(max_length=254, widget=forms.TextInput)

    def __init__(self, *args: Any, expected: str, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = expected
        self.fields["typed"].label = label
        self.fields["typed"].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}
        self.fields["typed"].error_messages["required"] = f"Type {expected} to go on."

    def clean_typed(self) -> str:
        typed = str(self.cleaned_data["typed"])
        if typed.casefold() != self.expected.casefold():
            raise ValidationError(f"That is something else. Type {self.expected} to go on.")
        return typed
