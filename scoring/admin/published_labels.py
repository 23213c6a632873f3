"""Labels of ours in GitLab: what each issue carries, what it should carry, and why not."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from portal.admin.roles import LookOnly
from portal.admin.site import site
from scoring.models import PublishedLabels
from scoring.selectors.label_states import LabelState, read_states_of


class IsRefused(admin.SimpleListFilter):
    title = "refusal"
    parameter_name = "refused"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Refused by GitLab")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[PublishedLabels]
    ) -> QuerySet[PublishedLabels]:
        return queryset.exclude(refusal="") if self.value() == "yes" else queryset


@admin.register(PublishedLabels, site=site)
class PublishedLabelsAdmin(LookOnly):
    list_display = ["issue", "ours", "difference", "refusal", "written_at", "due_at"]
    list_filter = [IsRefused]
    list_select_related = ["issue"]
    search_fields = ["issue__iid", "issue__title"]
    search_help_text = "Issue number or words of its title."
    ordering = ["-written_at", "pk"]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One look at the states of the page's rows, when the first of them is shown."""
        response = super().changelist_view(request, extra_context)
        changelist = getattr(response, "context_data", {}).get("cl")
        if changelist is not None:
            states = read_states_of([row.pk for row in changelist.result_list])
            for row in changelist.result_list:
                row.state = states.get(row.pk)
        return response

    @admin.display(description="ours in GitLab")
    def ours(self, row: PublishedLabels) -> str:
        return ", ".join(row.labels)

    @admin.display(description="what is to be done")
    def difference(self, row: PublishedLabels) -> str:
        state: LabelState | None = getattr(row, "state", None)
        return tell_plan(state) if state else ""


def tell_plan(state: LabelState) -> str:
    plan = state.plan
    parts = [
        *(f"add {name}" for name in plan.add),
        *(f"remove {name}" for name in plan.remove),
        *(f"leave {name}: not ours" for name in plan.left),
    ]
    return "; ".join(parts)
