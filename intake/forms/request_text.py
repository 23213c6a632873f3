"""The part of a request that its author may edit later: what, why, how urgent."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils import timezone

from intake.domain.draft import RequestText
from intake.domain.product import read_product
from intake.domain.vocabulary import Intent, Urgency
from intake.forms.fields import CardLabel, Cards, LineField, LinksField, TextBox, WordsField

URGENCY_SENTENCES = {
    Urgency.NICE_TO_HAVE: "We would use it; nothing is blocked.",
    Urgency.IMPORTANT: "We manage another way, but it costs us.",
    Urgency.BLOCKER: "A team or a roll-out cannot go on without it.",
    Urgency.CHURN_RISK: "Without it we may not renew, or will reduce.",
}
REACH_MAX = 10_000_000


def urgency_cards(*, with_important: bool) -> list[tuple[str, CardLabel]]:
    return [
        (urgency.value, CardLabel(urgency.label, sentence))
        for urgency, sentence in URGENCY_SENTENCES.items()
        if with_important or urgency != Urgency.IMPORTANT
    ]


def area_options() -> list[tuple[str, str]]:
    areas = read_product(settings.PRODUCT_FILE).areas.values()
    return [("", "Not sure"), *((area.key, area.title) for area in areas)]


def offer(form: forms.Form, name: str, options: Sequence[tuple[Any, Any]]) -> None:
    """Give a field its choices."""
    cast(forms.ChoiceField, form.fields[name]).choices = options


class RequestTextForm(forms.Form):
    """Bound to what was posted; `read_text` gives the frozen text once it is valid."""

    use_required_attribute = False  # errors are ours, beside the field, in words
    asked_for = frozenset({"urgency_detail", "decide_by"})  # once shown they are not optional
    # Offered to everybody alike; what depends on the person is not among them.
    shared = frozenset({"kind", "summary", "problem", "workaround", "urgency", "urgency_detail"})
    shared |= {"decide_by", "intent", "reach", "area", "links", "attachments"}

    summary = LineField(
        label="What do you need to do?",
        help_text="Start with a verb: <em>Limit who can approve a merge request by file path</em>.",
        at_least=10,
        at_most=120,
        too_short="Please use at least 10 characters so others can recognise it.",
        error_messages={"required": "Please say in one line what you need to do."},
        widget=forms.TextInput(attrs={"data-limit": 120}),
    )
    problem = WordsField(
        label="What stops you today?",
        help_text="Who is affected, how often, what does it cost you?",
        at_most=10_000,
        error_messages={"required": "Please tell us what stops you: one sentence is enough."},
        widget=TextBox(rows=6, limit=10_000),
    )
    workaround = WordsField(
        label="How do you cope now?",
        required=False,
        at_most=5_000,
        widget=TextBox(rows=3, limit=5_000),
    )
    urgency = forms.ChoiceField(
        label="How urgent is it?",
        widget=Cards,
        error_messages={"required": "Please choose the answer that comes closest."},
    )
    urgency_detail = WordsField(
        label="What is blocked, and since when?",
        required=False,
        at_most=2_000,
        widget=TextBox(rows=3, limit=2_000),
    )
    decide_by = forms.DateField(
        label="By when must you decide?",
        required=False,
        error_messages={"invalid": "Please give a day, such as 2027-03-31."},
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    intent = forms.ChoiceField(
        label="What would it change for you?",
        choices=Intent.choices,
        widget=Cards(arrangement="pair"),
        error_messages={"required": "Please choose one; “Not sure” is fine."},
    )
    reach = forms.IntegerField(
        label="Roughly how many people would use it?",
        required=False,
        min_value=1,
        max_value=REACH_MAX,
        error_messages={
            "invalid": "Please give a whole number, or leave it empty.",
            "min_value": "Please give at least 1, or leave it empty.",
            "max_value": "That is more people than we can count. Please check the number.",
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    area = forms.ChoiceField(label="Part of the product", required=False)
    links = LinksField(
        label="Links",
        help_text="An issue, a document, a discussion. One address a line.",
        required=False,
        at_most=6_000,
        widget=forms.Textarea(attrs={"rows": 2, "cols": None, "data-link-cards": True}),
    )

    def __init__(self, *args: Any, with_important: bool | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = settings.EXTRA_URGENCY if with_important is None else with_important
        offer(self, "urgency", urgency_cards(with_important=offered))
        offer(self, "area", area_options())

    def clean_decide_by(self) -> date | None:
        day: date | None = self.cleaned_data["decide_by"]
        if day and day < timezone.localdate() and day != self.initial.get("decide_by"):
            raise forms.ValidationError("This day is over. Please give one to come.")
        return day

    def clean(self) -> dict[str, Any]:
        """Each urgency keeps only its own follow-up answer, and needs it."""
        cleaned = super().clean() or self.cleaned_data
        urgency = cleaned.get("urgency")
        if urgency == Urgency.BLOCKER:
            self._need("urgency_detail", "Please say what is blocked, and since when.")
        elif "urgency_detail" in cleaned:
            cleaned["urgency_detail"] = ""
        if urgency == Urgency.CHURN_RISK:
            self._need(
                "decide_by", "Please give the day by which you must decide; a guess is fine."
            )
        else:
            self.errors.pop("decide_by", None)
            cleaned["decide_by"] = None
        return cleaned

    def _need(self, name: str, what_to_do: str) -> None:
        if name in self.cleaned_data and not self.cleaned_data[name]:
            self.add_error(name, what_to_do)

    def read_text(self) -> RequestText:
        """The frozen text. Only once the form is valid."""
        names = RequestText.__dataclass_fields__
        return RequestText(**{name: self.cleaned_data[name] for name in names})
