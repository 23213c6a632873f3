"""What tells a robot from a person: a field that nobody sees, and the time that writing takes.

A robot gets its form back and nothing is written; a person who is taken for one sends the same
text once more. Nothing typed is lost either way.
"""

import logging
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.signing import Signer
from django.http import QueryDict
from django.utils import timezone
from django.utils.crypto import constant_time_compare

logger = logging.getLogger(__name__)

TOO_FAST = "That was very quick. Please read it over once, then send it again."
FILLED_IN = (
    "Something filled in a field that is there for robots only. It is empty again: "
    "please send the form once more."
)


class RobotCheck(forms.Form):
    """`opened` is when the form was first shown, signed together with its `form_token`: one stamp
    serves one request. A saved draft keeps both, and can be sent as soon as it is back."""

    form_token = forms.UUIDField(required=False, widget=forms.HiddenInput)
    opened = forms.CharField(required=False, widget=forms.HiddenInput)
    home_page = forms.CharField(
        label="Leave this field empty",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        token = self.initial.get("form_token") or uuid4()
        fresh = {"form_token": token, "opened": stamp(token, now=timezone.now())}
        self.initial = {**fresh, **self.initial, "home_page": ""}

    def full_clean(self) -> None:
        """Looks last, at what a person could send: whoever has a field to mend takes their time."""
        super().full_clean()
        if self.is_bound and not self.errors and (suspicion := self._suspect()):
            logger.info("A form came back as if from a robot: %s", suspicion)
            self.add_error(None, suspicion)

    def _suspect(self) -> str:
        if self.cleaned_data["home_page"]:
            self._put_back(home_page="")
            return FILLED_IN
        if settings.SHORTEST_FORM_TIME and not self._took_time():
            return TOO_FAST
        return ""

    def _took_time(self) -> bool:
        now = timezone.now()
        token = self.data.get("form_token", "")
        opened_at = read_stamp(self.data.get("opened", ""), token)
        if opened_at is None:
            token = token or str(uuid4())
            self._put_back(form_token=token, opened=stamp(token, now=now))
            return False
        return now - opened_at >= settings.SHORTEST_FORM_TIME

    def _put_back(self, **values: str) -> None:
        """Shown in the form that goes back, in place of what was sent."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        for name, value in values.items():
            data[name] = value
        self.data = data


def stamp(form_token: object, *, now: datetime) -> str:
    """The time, of worth beside this token alone."""
    seconds = str(int(now.timestamp()))
    return f"{seconds}:{sign(seconds, form_token)}"


def read_stamp(stamped: str, form_token: object) -> datetime | None:
    """None when it is missing, changed, or of another form."""
    seconds, _, signature = stamped.partition(":")
    if not constant_time_compare(signature, sign(seconds, form_token)):
        return None
    return datetime.fromtimestamp(int(seconds), UTC)


def sign(seconds: str, form_token: object) -> str:
    return Signer(salt="intake.form").signature(f"{form_token} {seconds}")
