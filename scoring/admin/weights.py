"""Sets of weights: tuned in one form, looked at in a preview, saved as a new version."""

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from intake.actions.refusals import Refusal
from portal.admin.roles import ADMINISTRATORS, LookOnly, person_of
from portal.admin.site import site
from scoring.actions.set_weights import set_weights
from scoring.domain.weights import Weights
from scoring.domain.weights_text import flatten, write_weights
from scoring.forms.weights import ReasonForm, WeightsForm, name_weights
from scoring.models import WeightsVersion
from scoring.selectors.preview import preview_weights
from scoring.selectors.weights import find_version_changes, read_weights_in_force

CHANGED_SINCE = "The values are not those of the preview. This is what they would do."


@admin.register(WeightsVersion, site=site)
class WeightsAdmin(LookOnly):
    """Versions are added, never changed: every run names the one it used."""

    may_add = ADMINISTRATORS
    list_display = ["number", "reason", "created_at", "created_by"]
    list_select_related = ["created_by"]
    fields = ("number", "reason", "created_at", "created_by", "changes", "all_values")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return list(self.fields)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The form; sent, with its preview; sent again unchanged and with a reason, saved."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        in_force = read_weights_in_force()
        number = in_force.version.number if in_force.version else 0
        form = WeightsForm(request.POST or None, weights=in_force.weights)
        reason = ReasonForm(request.POST if "save" in request.POST else None)
        context: dict[str, Any] = {"form": form, "reason": reason, "in_force": in_force}
        if not form.is_valid():
            return self._show(request, context)
        context["seal"] = seal(form.weights, number)
        if "save" in request.POST and request.POST.get("seal") != context["seal"]:
            messages.warning(request, CHANGED_SINCE)
        elif "save" in request.POST and reason.is_valid():
            saved = self._save(request, form.weights, reason.cleaned_data["reason"], number)
            if saved:
                return saved
        context["is_same"] = form.weights == in_force.weights
        context["preview"] = preview_weights(form.weights, today=timezone.localdate())
        return self._show(request, context)

    def _save(
        self, request: HttpRequest, weights: Weights, reason: str, number: int
    ) -> HttpResponse | None:
        """None when it was refused; the page says why."""
        try:
            version = set_weights(weights, reason=reason, after=number, by=person_of(request))
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return None
        messages.success(request, f"{version} is in force. The ranking follows within minutes.")
        return redirect(reverse("admin:scoring_weightsversion_changelist"))

    def _show(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        request.current_app = site.name
        page = {
            **site.each_context(request),
            "title": "Tune the weights",
            "opts": self.opts,
            **context,
        }
        return TemplateResponse(request, "admin/scoring/weightsversion/add.html", page)

    @admin.display(description="against the version before")
    def changes(self, version: WeightsVersion) -> str:
        names = name_weights()
        rows = [
            (names[change.field], show(change.before), show(change.after))
            for change in find_version_changes(version)
        ]
        return draw_table(("Weight", "Before", "Since"), rows) if rows else "nothing"

    @admin.display(description="all values")
    def all_values(self, version: WeightsVersion) -> str:
        values = flatten(version.content)
        rows = [
            (label, show(values[name])) for name, label in name_weights().items() if name in values
        ]
        return draw_table(("Weight", "Value"), rows)


def draw_table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """The first cell of each row is its head."""
    head = format_html_join("", '<th scope="col">{}</th>', ((one,) for one in heads))
    lines = [
        (first, format_html_join("", "<td>{}</td>", ((cell,) for cell in cells)))
        for first, *cells in rows
    ]
    body = format_html_join("", '<tr><th scope="row">{}</th>{}</tr>', lines)
    return format_html("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>", head, body)


def seal(weights: Weights, number: int) -> str:
    """What was looked at: these values, against this version. Not a secret, a comparison."""
    content = json.dumps([write_weights(weights), number], sort_keys=True)
    return sha256(content.encode()).hexdigest()[:32]


def show(value: Any) -> str:
    words = {None: "none", True: "yes", False: "no"}
    return words[value] if value is None or isinstance(value, bool) else str(value)
