"""The crosswalk by versions: a new one is looked at before it is saved."""

import hashlib
import json
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import AdminForm
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join

from intake.actions.set_crosswalk import set_crosswalk
from intake.domain.vocabulary import Urgency
from intake.models import CrosswalkVersion
from intake.selectors.crosswalk_preview import preview_crosswalk
from portal.admin.bases import ModelForm
from portal.admin.roles import ADMINISTRATORS, RoleAdmin, person_of
from portal.admin.site import site

SEVERITIES = [("P0", "P0 dealbreaker"), ("P1", "P1 significant pain"), ("P2", "P2 nice to have")]
LEVELS = [(1, "1 low"), (2, "2 medium"), (3, "3 high")]
COLUMNS = ("points", "severity", "value", "pilot_urgency")


class CrosswalkForm(ModelForm):
    """One line of fields for each urgency, filled in from the version in force."""

    class Meta:
        model = CrosswalkVersion
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = CrosswalkVersion.objects.order_by("-number").first()
        self.number = newest.number if newest else 0
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

    def tell_seal(self) -> str:
        """Of these values, compared with the version in force: what was looked at, not more."""
        content = json.dumps([self.number, self.read_table()], sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()

    def is_looked_at(self) -> bool:
        return self.data.get("seal") == self.tell_seal()


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
    is_recorded_by_action = True
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

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Valid values that nobody has looked at are shown with what they would change."""
        if request.method == "POST" and object_id is None and self.has_add_permission(request):
            form = CrosswalkForm(request.POST)
            is_saved = "_save" in request.POST
            if form.is_valid() and not (is_saved and form.is_looked_at()):
                return self._show_preview(request, form)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _show_preview(self, request: HttpRequest, form: CrosswalkForm) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": "A new version of the crosswalk",
            "adminform": AdminForm(form, [(None, {"fields": []})], {}, (), model_admin=self),
            "media": self.media,
            "inline_admin_formsets": [],
            "errors": [],
            "is_popup": False,
            "preview": preview_crosswalk(form.read_table()),
            "seal": form.tell_seal(),
        }
        return self.render_change_form(request, context, add=True)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        version = set_crosswalk(form.read_table(), by=person_of(request))
        obj.pk, obj.number = version.pk, version.number  # what the log of the admin names

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
