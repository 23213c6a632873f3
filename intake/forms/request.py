"""The request form: everything a customer may send, made into a frozen draft."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.conf import settings

from intake.domain.draft import OnBehalf, SubmissionDraft
from intake.domain.vocabulary import Sharing
from intake.forms.audience import CONTRADICTION, AudienceForm
from intake.forms.fields import CardLabel, Cards, FilesField
from intake.forms.request_text import RequestTextForm, offer
from intake.forms.robots import RobotCheck
from intake.selectors.form_choices import FormChoices

CHANGE = "change"
KINDS = [
    (CHANGE, CardLabel("I need something the product does not do", "You are in the right place.")),
    ("broken", CardLabel("Something is broken", "Support looks at it at once.")),
    ("security", CardLabel("I found a security problem", "It goes to our security team alone.")),
    ("question", CardLabel("I have a question", "The documentation may answer it now.")),
]
ELSEWHERE = "There is a quicker way for this, shown below. For a change choose the first answer."
FILES_HELP = (
    "Pictures, PDF or plain text (log, CSV, Markdown, JSON, YAML): at most {count}, {size} MB each."
)


class SubmissionForm(RobotCheck, AudienceForm):
    """`choices` is what the person may choose from; a `form_token` is one request."""

    field_order = ("kind", "account", *RequestTextForm.base_fields, "attachments", "sharing")

    kind = forms.ChoiceField(
        label="What brings you here?",
        choices=KINDS,
        widget=Cards(arrangement="pair"),
        error_messages={"required": "Please choose what brings you here."},
    )
    account = forms.TypedChoiceField(
        label="Which organisation is it for?",
        coerce=int,
        empty_value=None,
        error_messages={"required": "Please choose the organisation this is for."},
    )
    attachments = FilesField(label="Files")
    chosen_issue = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, choices: FormChoices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = choices
        self.fields["attachments"].help_text = FILES_HELP.format(
            count=settings.ATTACHMENT_MAX_COUNT, size=settings.ATTACHMENT_MAX_BYTES // 1024**2
        )
        self._offer("account", [(one.id, one.name) for one in choices.accounts], at_least=2)
        self.offer_audience(choices.colleagues)

    def _offer(self, name: str, options: list[tuple[int, str]], *, at_least: int) -> None:
        if len(options) < at_least:
            del self.fields[name]
        else:
            offer(self, name, options)

    def clean_kind(self) -> str:
        kind: str = self.cleaned_data["kind"]
        if kind != CHANGE:
            raise forms.ValidationError(ELSEWHERE)
        return kind

    def clean_form_token(self) -> UUID:
        return self.cleaned_data["form_token"] or uuid4()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        chosen = cleaned.get("account")
        strangers = [
            one.name
            for one in self.choices.colleagues
            if one.id in cleaned.get("colleagues", []) and chosen and one.account_id != chosen
        ]
        if strangers:
            self.add_error(
                "colleagues",
                f"Not of the chosen organisation: {', '.join(strangers)}. Untick them.",
            )
        if cleaned.get("sharing") == Sharing.ONLY_ME and cleaned.get("colleagues"):
            self.add_error("colleagues", CONTRADICTION)
        return cleaned

    def read_on_behalf(self) -> OnBehalf | None:
        return None

    def read_draft(self) -> SubmissionDraft:
        """The frozen draft. Only once the form is valid."""
        cleaned = self.cleaned_data
        return SubmissionDraft(
            form_token=cleaned["form_token"],
            text=self.read_text(),
            account_id=cleaned.get("account") or self.choices.only_account_id,
            colleague_ids=tuple(cleaned.get("colleagues", ())),
            sharing=cleaned.get("sharing", Sharing.ORGANISATION),
            chosen_issue_id=cleaned.get("chosen_issue"),
            attachments=cleaned["attachments"],
            on_behalf=self.read_on_behalf(),
        )
