"""Who of the customer's own people may read a request: asked when it is sent, changed later."""

from typing import Any

from django import forms

from intake.domain.draft import Audience
from intake.domain.vocabulary import Sharing
from intake.forms.fields import CardLabel, Cards
from intake.forms.request_text import RequestTextForm, offer
from intake.selectors.form_choices import ColleagueChoice

SENTENCES = {
    Sharing.ORGANISATION: "Everybody there who uses this portal.",
    Sharing.NAMED: "You, and those you tick below.",
    Sharing.ONLY_ME: "Nobody else at your organisation.",
}
NOBODY_CHOSEN = "Please tick at least one colleague, or choose “Only me”."
CONTRADICTION = "Only you can read it: untick them, or choose “Colleagues I choose”."


class AudienceForm(RequestTextForm):
    """`colleagues` are offered where there are any; without them nobody can be chosen."""

    sharing = forms.ChoiceField(
        label="Who can read it?",
        help_text="Our product team reads every request; other customers never do.",
        required=False,
        initial=Sharing.ORGANISATION,
        widget=Cards,
        error_messages={"invalid_choice": "Please choose one of the answers shown."},
    )
    colleagues = forms.TypedMultipleChoiceField(
        label="Keep informed",
        help_text="They can read the request and get the same mail as you.",
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    asked_for = RequestTextForm.asked_for | {"sharing"}
    shared = RequestTextForm.shared | {"sharing"}

    def offer_audience(self, colleagues: tuple[ColleagueChoice, ...]) -> None:
        levels = [level for level in Sharing if colleagues or level != Sharing.NAMED]
        if self.initial.get("sharing") not in {None, *levels}:  # everybody named has left
            self.initial = {**self.initial, "sharing": Sharing.ONLY_ME}
        if "sharing" in self.fields:
            cards = [(level.value, CardLabel(level.label, SENTENCES[level])) for level in levels]
            offer(self, "sharing", cards)
        if colleagues:
            offer(self, "colleagues", [(one.id, one.name) for one in colleagues])
        else:
            del self.fields["colleagues"]

    def clean_sharing(self) -> str:
        """Left out it stays as it is: never more people than the author chose."""
        begins_with = self.get_initial_for_field(self.fields["sharing"], "sharing")
        return str(self.cleaned_data["sharing"] or begins_with)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        nobody = "colleagues" in cleaned and not cleaned["colleagues"]
        if cleaned.get("sharing") == Sharing.NAMED and nobody:
            self.add_error("colleagues", NOBODY_CHOSEN)
        return cleaned


class EditForm(AudienceForm):
    """What an author may change. Ticks mean something with “Colleagues I choose” alone."""

    def __init__(
        self, *args: Any, colleagues: tuple[ColleagueChoice, ...] | None, **kwargs: Any
    ) -> None:
        """`colleagues` is None for staff, who leave it to the customer."""
        super().__init__(*args, **kwargs)
        if colleagues is None:
            del self.fields["sharing"]
        self.offer_audience(colleagues or ())
        if "colleagues" in self.fields:
            self.fields["colleagues"].label = "The colleagues you choose"
            self.fields["colleagues"].help_text = "They hear of it by mail until they stop that."

    def read_audience(self) -> Audience | None:
        """Only once the form is valid."""
        if "sharing" not in self.fields:
            return None
        chosen = self.cleaned_data
        return Audience(chosen["sharing"], tuple(chosen.get("colleagues", ())))
