"""One estimate of one kind: its value, why, and for a manual value its reason."""

from typing import Any

from django import forms

from intake.forms.fields import LineField
from scoring.domain.estimate_rules import (
    MANUAL,
    REASONS,
    EstimateDraft,
    UnfitEstimate,
    find_rule,
    fit_value,
)
from scoring.domain.weights import Weights
from scoring.models import EstimateKind

NOTE_LIMIT = 300


class EstimateForm(forms.Form):
    use_required_attribute = False

    def __init__(self, *args: Any, kind: EstimateKind, weights: Weights, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.weights = kind, weights
        self.fields["value"] = _make_value(kind, weights)
        if kind == MANUAL:
            self.fields["reason"] = forms.ChoiceField(
                choices=[("", "Choose a reason"), *REASONS],
                error_messages={"required": "Choose why: a manual value needs a reason."},
            )
        self.fields["note"] = LineField(label="Why", at_most=NOTE_LIMIT, required=False)

    def clean_value(self) -> str:
        try:
            return fit_value(self.kind, self.cleaned_data["value"], self.weights)
        except UnfitEstimate as error:
            raise forms.ValidationError(str(error)) from error

    def read_draft(self) -> EstimateDraft:
        return EstimateDraft(kind=str(self.kind), **self.cleaned_data)


class TakeBackForm(forms.Form):
    note = LineField(label="Why", at_most=NOTE_LIMIT, required=False)


def _make_value(kind: EstimateKind, weights: Weights) -> forms.Field:
    rule = find_rule(kind, weights)
    told: dict[str, Any] = {
        "label": kind.label,
        "help_text": rule.help,
        "error_messages": {"required": rule.expects},
    }
    if rule.most is None:
        told["error_messages"]["invalid_choice"] = rule.expects
        return forms.ChoiceField(choices=[("", "Choose"), *rule.choices], **told)
    return forms.CharField(max_length=24, **told)
