"""All weights as one form, its fields named by the dotted names of the record."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms

from intake.forms.fields import LineField
from scoring.domain.weights import HIGHEST_MULTIPLIER, MOST_BUCKETS, InvalidWeights, Model, Weights
from scoring.domain.weights_text import LARGEST_COUNT, flatten, nest, parse_weights, write_weights

MODELS = (
    (Model.CIPF, "CIPF, the framework"),
    (Model.CD3, "CD3, cost of delay by duration"),
    (Model.CD3_PILOT_AVERAGE, "CD3 as in the pilot, averaged"),
    (Model.RICE, "RICE"),
    (Model.WSJF, "WSJF"),
    (Model.GAP_RANKING, "Gap ranking"),
)
COLUMNS = ("far", "middle", "near")
RETENTION_ROWS = {
    "unknown": "Health unknown",
    "green": "Green",
    "yellow": "Yellow",
    "red": "Red",
}
GROWTH_ROWS = {"likely": "Likely, or unknown", "even": "Even", "unlikely": "Unlikely"}
LIMITS = {
    "retention.near_months": "Near: months to renewal, up to",
    "retention.middle_months": "Middle: months to renewal, up to",
    "growth.near_months": "Near: months to close, up to",
    "growth.middle_months": "Middle: months to close, up to",
}
PERCENTS = {
    "growth.unlikely_percent": "Unlikely: win probability in percent, up to",
    "growth.even_percent": "Even: win probability in percent, up to",
}
COUNTS = {
    "buckets": "Buckets of the score label",
    "minimum_group": "Fewest issues of a group and type",
    "minimum_accounts": "Fewest accounts, internal projects",
    "minimum_accounts_public": "Fewest accounts, public projects",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of multipliers: far, middle, near."""

    label: str
    cells: tuple[forms.BoundField, ...]


class TunedForm(forms.Form):
    """What decides the ranking: model, multipliers with their limits, weeks for a point.

    `base` is what the form is filled in with; once it is valid, `weights` is what was asked for.
    """

    use_required_attribute = False

    def __init__(self, data: Mapping[str, Any] | None = None, *, weights: Weights) -> None:
        super().__init__(data, initial=flatten(write_weights(weights)))
        self.base = weights
        self.fields |= dict(_make_tuned_fields())

    def clean(self) -> dict[str, Any]:
        """What single fields accept may still not go together."""
        if self.errors:
            return self.cleaned_data
        try:
            self.weights = parse_weights(self._write())
        except InvalidWeights as error:
            for fault in error.faults:
                self.add_error(fault.field if fault.field in self.fields else None, fault.problem)
        return self.cleaned_data

    def _write(self) -> dict[str, Any]:
        """As JSON has it; what the form does not ask for stays as it was."""
        given = {
            name: f"{value:f}" if isinstance(value, Decimal) else value
            for name, value in self.cleaned_data.items()
            if name in self.initial
        }
        return nest({**self.initial, **given})

    def retention_rows(self) -> list[Row]:
        return [self._row("retention", *row) for row in RETENTION_ROWS.items()]

    def growth_rows(self) -> list[Row]:
        return [self._row("growth", *row) for row in GROWTH_ROWS.items()]

    def retention_limits(self) -> list[forms.BoundField]:
        return self._pick(name for name in LIMITS if name.startswith("retention"))

    def growth_limits(self) -> list[forms.BoundField]:
        limits = [name for name in LIMITS if name.startswith("growth")]
        return self._pick([*limits, *PERCENTS])

    def _row(self, table: str, row: str, label: str) -> Row:
        return Row(label, tuple(self[f"{table}.{row}.{column}"] for column in COLUMNS))

    def _pick(self, names: Iterable[str]) -> list[forms.BoundField]:
        return [self[name] for name in names]

    @property
    def model(self) -> forms.BoundField:
        return self["model"]

    @property
    def weeks_per_point(self) -> forms.BoundField:
        return self["weeks_per_point"]


class WeightsForm(TunedForm):
    """Everything that administrators tune."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, weights: Weights) -> None:
        super().__init__(data, weights=weights)
        self.fields |= dict(_make_other_fields())

    def reach_fields(self) -> list[forms.BoundField]:
        return self._pick(["total_seats", "is_reach_in_people"])

    def label_fields(self) -> list[forms.BoundField]:
        return self._pick(COUNTS)


def name_weights() -> dict[str, str]:
    """What each weight is called on the page, by its dotted name."""
    fields = [*_make_tuned_fields(), *_make_other_fields()]
    return {name: str(field.label) for name, field in fields}


class ReasonForm(forms.Form):
    use_required_attribute = False
    reason = LineField(
        label="Why",
        help_text="Stands beside the version; whoever asks why a ranking moved reads it.",
        at_most=300,
        error_messages={"required": "Write why: people will ask."},
    )


def _make_tuned_fields() -> Iterator[tuple[str, forms.Field]]:
    yield "model", forms.ChoiceField(choices=MODELS, label="Model")
    for table, rows in (("retention", RETENTION_ROWS), ("growth", GROWTH_ROWS)):
        for row, label in rows.items():
            for column in COLUMNS:
                yield f"{table}.{row}.{column}", _make_decimal(f"{label}, {column}")
    for name, label in LIMITS.items():
        yield name, _make_count(label, least=0, most=600)
    for name, label in PERCENTS.items():
        yield name, _make_decimal(label)
    yield "weeks_per_point", _make_decimal("Weeks for one point of weight")


def _make_other_fields() -> Iterator[tuple[str, forms.Field]]:
    seats = "All seats (empty: the sum over the accounts)"
    yield "total_seats", _make_count(seats, least=1, most=LARGEST_COUNT, required=False)
    head_count = "Reach is a head count, not a share"
    yield "is_reach_in_people", forms.BooleanField(label=head_count, required=False)
    for name, label in COUNTS.items():
        most = MOST_BUCKETS if name == "buckets" else 1000
        yield name, _make_count(label, least=1, most=most)


def _make_decimal(label: str) -> forms.Field:
    """A text field, since a browser's number field follows the reader's language."""
    problem = f"A number from 0 to {HIGHEST_MULTIPLIER}, with at most four places."
    codes = ("invalid", "min_value", "max_value", "max_digits", "max_decimal_places")
    return forms.DecimalField(
        label=label,
        min_value=0,
        max_value=HIGHEST_MULTIPLIER,
        max_digits=9,
        decimal_places=4,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 6}),
        error_messages=dict.fromkeys((*codes, "required", "max_whole_digits"), problem),
    )


def _make_count(label: str, *, least: int, most: int, required: bool = True) -> forms.Field:
    problem = f"A whole number from {least:,} to {most:,}."
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        required=required,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 6}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value", "required"), problem),
    )
