"""Everything that the what-if page can be asked, as its address holds it."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from scoring.domain.delay_order import NamedJob
from scoring.domain.named_jobs import UnfitJobs, parse_jobs
from scoring.domain.opportunity_score import score_opportunity
from scoring.domain.weights import Model, Weights
from scoring.domain.weights_text import find_changes, flatten, write_weights
from scoring.domain.what_if import Question, Supposed
from scoring.forms.weights import MODELS, TunedForm
from scoring.selectors.what_if import Choice

SIZE = re.compile(r"(weight|weeks)\.([0-9]{1,15})", re.ASCII)
MOST_SIZES = 200
CHOICES = [(str(Choice.TOP), "The first 25"), (str(Choice.MOVERS), "Largest movers")]
OWN_NAMES = ("show", "text", "jobs", "importance", "satisfaction")


@dataclass(frozen=True, slots=True)
class Changed:
    label: str
    before: str
    after: str


class WhatIfForm(TunedForm):
    """Filled in from the weights in force, and with what the query says instead.

    Sizes are fields weight.<key> and weeks.<key>; an empty one is the issue's own.
    """

    show = forms.ChoiceField(label="Show", choices=CHOICES, required=False)
    text = forms.CharField(label="Number or words of the title", required=False, max_length=100)
    jobs = forms.CharField(
        label="Your own list",
        help_text="One job a line: name, cost of delay, duration.",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "cols": None}),
    )
    importance = forms.DecimalField(
        label="Importance, 0 to 10", required=False, min_value=0, max_value=10, decimal_places=2
    )
    satisfaction = forms.DecimalField(
        label="Satisfaction, 0 to 10", required=False, min_value=0, max_value=10, decimal_places=2
    )

    def __init__(self, query: QueryDict, *, weights: Weights) -> None:
        known = {name: str(value) for name, value in flatten(write_weights(weights)).items()}
        super().__init__({**known, **query.dict()}, weights=weights)
        for name in ("importance", "satisfaction"):
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "decimal", "size": 6})
        sizes = [match for name in query if (match := SIZE.fullmatch(name)) and query[name]]
        for size in sizes[:MOST_SIZES]:
            self.fields[size[0]] = _make_size(size[1])

    def clean_jobs(self) -> tuple[NamedJob, ...]:
        try:
            return parse_jobs(self.cleaned_data["jobs"])
        except UnfitJobs as error:
            raise forms.ValidationError(str(error)) from error

    def named_issues(self) -> set[int]:
        """Whatever the sizes given for them are worth."""
        return {int(size[2]) for name in self.fields if (size := SIZE.fullmatch(name))}

    def read_question(self) -> Question:
        """Of a valid form."""
        sizes: dict[int | str, dict[str, Decimal]] = {}
        for name, value in self.cleaned_data.items():
            if (size := SIZE.fullmatch(name)) and value is not None:
                sizes.setdefault(int(size[2]), {})[size[1]] = Decimal(value)
        supposed = {
            key: Supposed(values.get("weight"), values.get("weeks"))
            for key, values in sorted(sizes.items(), key=lambda pair: str(pair[0]))
        }
        return Question(self.weights, supposed)

    @property
    def has_wrong_multiplier(self) -> bool:
        return any("." in name and not SIZE.fullmatch(name) for name in self.errors)

    def list_changes(self, question: Question) -> list[Changed]:
        """What differs from the weights in force, in words."""
        return [
            Changed(
                str(self.fields[change.field].label),
                self._name(change.field, change.before),
                self._name(change.field, change.after),
            )
            for change in find_changes(self.base, question.weights)
        ]

    def _name(self, field: str, value: Any) -> str:
        return dict(MODELS)[Model(value)] if field == "model" else str(value)

    def score_opportunity(self) -> Decimal | None:
        if self.errors:
            return None
        given = self.cleaned_data["importance"], self.cleaned_data["satisfaction"]
        return None if None in given else score_opportunity(*given)

    def address(self, question: Question) -> str:
        """The shortest query that asks the same: only what differs from what is."""
        query = QueryDict(mutable=True)
        asked = flatten(write_weights(question.weights))
        base = flatten(write_weights(self.base))
        query.update({name: str(value) for name, value in asked.items() if value != base[name]})
        for key, supposed in question.issues.items():
            for name, value in (("weight", supposed.weight), ("weeks", supposed.duration_weeks)):
                if value is not None:
                    query[f"{name}.{key}"] = f"{value.normalize():f}"
        typed: dict[str, Any] = {name: self.data.get(name, "").strip() for name in OWN_NAMES}
        query.update({name: text for name, text in typed.items() if text and text != Choice.TOP})
        return query.urlencode()


def _make_size(kind: str) -> forms.Field:
    if kind == "weight":
        problem = "A whole number from 1 to 1,000."
        return forms.IntegerField(
            label="Weight",
            min_value=1,
            max_value=1000,
            error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), problem),
        )
    problem = "A number above 0, up to 520, with at most two places."
    codes = ("invalid", "min_value", "max_value", "max_digits", "max_decimal_places")
    return forms.DecimalField(
        label="Weeks",
        min_value=Decimal("0.01"),
        max_value=520,
        max_digits=6,
        decimal_places=2,
        error_messages=dict.fromkeys((*codes, "max_whole_digits"), problem),
    )
