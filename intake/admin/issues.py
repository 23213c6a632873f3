"""The mirror of GitLab's issues, and the title staff write where the real one stays hidden."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from intake.models import Issue
from portal.admin.roles import RoleAdmin
from portal.admin.site import site
from portal.models import TRIAGE_ROLES

SHOWN = [
    "seen",
    "in_gitlab",
    "title",
    "description",
    "state",
    "labels_shown",
    "milestone",
    "milestone_due_on",
    "weight",
    "is_confidential",
    "type",
    "successor",
    "is_gone",
    "updated_at",
    "mirrored_at",
]


@admin.register(Issue, site=site)
class IssueAdmin(RoleAdmin):
    may_change = TRIAGE_ROLES
    list_display = ["number", "title", "project", "state", "milestone", "seen", "public_title"]
    list_display_links = ["number", "title"]
    list_filter = ["is_closed", "is_confidential", "is_gone", "project"]
    list_select_related = ["project"]
    search_fields = ["iid", "title", "public_title"]
    search_help_text = "Number or words of the title."
    ordering = ["-updated_at"]
    fields = ["public_title", *SHOWN]

    def get_readonly_fields(self, request: HttpRequest, obj: Issue | None = None) -> list[str]:
        return SHOWN

    def get_queryset(self, request: HttpRequest) -> QuerySet[Issue]:
        issues: QuerySet[Issue] = super().get_queryset(request)
        return issues.select_related("project", "successor")

    @admin.display(description="number", ordering="iid")
    def number(self, issue: Issue) -> str:
        return f"#{issue.iid}"

    @admin.display(description="state", ordering="is_closed")
    def state(self, issue: Issue) -> str:
        return "closed" if issue.is_closed else "open"

    @admin.display(description="shown to customers", boolean=True)
    def seen(self, issue: Issue) -> bool:
        return issue.is_shown_to_customers

    @admin.display(description="labels")
    def labels_shown(self, issue: Issue) -> str:
        return ", ".join(issue.labels)

    @admin.display(description="in GitLab")
    def in_gitlab(self, issue: Issue) -> str:
        return format_html('<a href="{}" rel="noreferrer">{}</a>', issue.web_url, issue.web_url)
