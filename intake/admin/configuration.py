"""What staff tune without a release: the wording of states, and the crosswalk by versions."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Max
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from intake.domain.vocabulary import Urgency
from intake.models import CrosswalkVersion, StateWording
from portal.admin.bases import ModelForm
from portal.admin.roles import ADMINISTRATORS, RoleAdmin, person_of
from portal.admin.site import site

SEVERITIES = [("P0", "P0 dealbreaker"), ("P1", "P1 significant pain"), ("P2", "P2 nice to have")]
LEVELS = [(1, "1 low"), (2, "2 medium"), (3, "3 high")]
COLUMNS = ("points", "severity", "value", "pilot_urgency")


@admin.register(StateWording, site=site)
class StateWordingAdmin(RoleAdmin):
    """A state without a row here keeps the wording that came with the portal."""

    may_add = may_change = may_delete = ADMINISTRATORS
    list_display = ["state", "label", "meaning"]

    def get_readonly_fields(
        self, request: HttpRequest, obj: StateWording | None = None
    ) -> list[str]:
        return ["state"] if obj else []


class CrosswalkForm(ModelForm):
    """One line of fields for each urgency, filled in from the version in force."""

    class Meta:
        model = CrosswalkVersion
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = CrosswalkVersion.objects.order_by("-number").first()
        for urgency in Urgency.values:
            known = newest.table.get(urgency, {}) if newest else {}
            for column in COLUMNS:
                field = make_field(column)
                field.label = f"{Urgency(urgency).label}: {column.replace('_', ' ')}"
                field.initial = known.get(column)
                self.fields[f"{urgency}_{column}"] = field

    def lines(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [
            (Urgency(urgency).label, [self[f"{urgency}_{column}"] for column in COLUMNS])
            for urgency in Urgency.values
        ]

    def read_table(self) -> dict[str, dict[str, Any]]:
        return {
            urgency: {column: self.cleaned_data[f"{urgency}_{column}"] for column in COLUMNS}
            for urgency in Urgency.values
        }


def make_field(column: str) -> forms.Field:
    if column == "points":
        return forms.IntegerField(min_value=1, max_value=10)
    if column == "severity":
        return forms.ChoiceField(choices=SEVERITIES)
    return forms.TypedChoiceField(choices=LEVELS, coerce=int)


@admin.register(CrosswalkVersion, site=site)
class CrosswalkAdmin(RoleAdmin):
    """Versions are added, never changed: every score names the one it used."""

    may_add = ADMINISTRATORS
    form = CrosswalkForm
    list_display = ["number", "created_at", "created_by"]
    list_select_related = ["created_by"]
    fields = readonly_fields = ("number", "created_at", "created_by", "rows")
    change_form_template = "admin/intake/crosswalkversion/change_form.html"

    def get_fields(self, request: HttpRequest, obj: CrosswalkVersion | None = None) -> Any:
        return self.fields if obj else []

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        return CrosswalkForm if obj is None else super().get_form(request, obj, change, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        newest = CrosswalkVersion.objects.select_for_update().order_by("-number").first()
        highest = CrosswalkVersion.objects.aggregate(highest=Max("number"))["highest"]
        obj.number = (highest or 0) + 1 if newest else 1
        obj.table = form.read_table()
        obj.created_at, obj.created_by = timezone.now(), person_of(request)
        super().save_model(request, obj, form, change)

    @admin.display(description="table")
    def rows(self, version: CrosswalkVersion) -> str:
        lines = [
            (Urgency(urgency).label, *(row[column] for column in COLUMNS))
            for urgency, row in version.table.items()
        ]
        cells = format_html_join(
            "", "<tr><th>{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>", lines
        )
        return format_html(
            "<table><tr><th>Urgency</th><th>Points</th><th>Severity</th><th>Value</th>"
            "<th>Pilot urgency</th></tr>{}</table>",
            cells,
        )
