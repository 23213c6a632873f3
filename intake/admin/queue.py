"""The triage queue and the page of one request."""

from typing import Any

from django.contrib import admin
from django.db.models import OrderBy
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from intake.admin.bulk import ask_all, decline_all, join_best
from intake.admin.decide import decide
from intake.admin.look import look_as
from intake.admin.triage_page import show_request
from intake.models import Submission
from intake.models.submission import SubmissionQuerySet
from intake.selectors.triage import QUEUE_ORDER, VIEWS, count_views, in_queue_order, narrow_to_view
from intake.selectors.triage_rows import describe_rows
from intake.selectors.visibility import triaged_submissions
from portal.admin.roles import RoleAdmin, person_of
from portal.admin.site import site
from portal.models import TRIAGE_ROLES


class SavedViewFilter(admin.SimpleListFilter):
    """Without a choice the list is the queue: what waits for a person."""

    title = "view"
    parameter_name = "view"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(view.key, view.label) for view in VIEWS if view.key]

    def queryset(self, request: HttpRequest, queryset: Any) -> SubmissionQuerySet:
        return narrow_to_view(queryset, self.value() or "", look_as(request))


@admin.register(Submission, site=site)
class SubmissionAdmin(RoleAdmin):
    may_change = TRIAGE_ROLES
    actions = [join_best, decline_all, ask_all]
    list_display = ["reference"]
    list_filter = [SavedViewFilter]
    list_per_page = 25
    search_fields = [
        "reference",
        "summary",
        "problem",
        "customer_words",
        "account__name",
        "submitter__email",
        "submitter__name",
    ]
    search_help_text = "Reference, words, account or person, within the chosen view."

    def get_queryset(self, request: HttpRequest) -> SubmissionQuerySet:
        return in_queue_order(triaged_submissions(person_of(request)), now=timezone.now())

    def get_ordering(self, request: HttpRequest) -> tuple[OrderBy, ...]:
        return QUEUE_ORDER

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/decide/<slug:name>/",
                guard(self.decide_view),
                name="intake_submission_decide",
            ),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response = super().changelist_view(
            request, {"title": "Triage queue", **(extra_context or {})}
        )
        shown = response.context_data if isinstance(response, TemplateResponse) else None
        if shown and "cl" in shown:
            shown.update(self._describe_queue(request, shown["cl"]))
        return response

    def _describe_queue(self, request: HttpRequest, changelist: Any) -> dict[str, Any]:
        look = look_as(request)
        return {
            "rows": describe_rows(list(changelist.result_list), look),
            "views": count_views(look),
            "chosen": request.GET.get("view", ""),
            "back": request.GET.urlencode(),
        }

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return show_request(self, request, self.find_request(request, object_id))

    def decide_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        return decide(self, request, self.find_request(request, str(pk)), name)

    def find_request(self, request: HttpRequest, object_id: str) -> Submission:
        submission: Submission | None = self.get_object(request, object_id)
        if submission is None:
            raise Http404
        return submission
