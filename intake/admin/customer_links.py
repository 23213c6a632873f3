"""Customer links: which account asks for which issue, and how its note in GitLab fares."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from intake.actions import triage
from intake.actions.refusals import Refusal
from intake.admin.note_preview import preview_link
from intake.models import CustomerLink, Demand, NoteState
from portal.admin.roles import RoleAdmin, RoleInline, person_of
from portal.admin.site import site


class DemandInline(RoleInline):
    model = Demand
    verbose_name_plural = "demand"
    fields = ("kind", "opportunity", "points")
    readonly_fields = ("kind", "opportunity", "points")


SHOWN = (
    "issue",
    "account",
    "note_state",
    "note",
    "note_text",
    "is_note_internal",
    "refusal",
    "failures",
    "due_at",
    "leased_until",
    "created_at",
)


@admin.register(CustomerLink, site=site)
class CustomerLinkAdmin(RoleAdmin):
    list_display = ["issue", "account", "note_state", "refusal", "failures", "due_at", "created_at"]
    list_filter = ["note_state"]
    list_select_related = ["issue", "account"]
    search_fields = ["issue__iid", "issue__title", "account__name"]
    search_help_text = "Issue number, words of its title, or account."
    ordering = ["-created_at"]
    actions = ["try_again"]
    fields = SHOWN
    readonly_fields = SHOWN
    inlines = [DemandInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CustomerLink]:
        links: QuerySet[CustomerLink] = super().get_queryset(request)
        return links.select_related("issue__project", "account__tam")

    @admin.display(description="in GitLab")
    def note(self, link: CustomerLink) -> str:
        url = preview_link(link).url
        return format_html('<a href="{}" rel="noreferrer">{}</a>', url, url)

    @admin.display(description="what our note says")
    def note_text(self, link: CustomerLink) -> str:
        text = preview_link(link).text
        return format_html('<pre class="note-text">{}</pre>', text) if text else "–"

    @admin.action(description="Try the note again", permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[CustomerLink]) -> None:
        refused = queryset.filter(note_state=NoteState.REFUSED)
        done = sum(_retry(request, link) for link in refused.prefetch_related("submissions"))
        self.message_user(request, f"{done} to be tried again.", messages.SUCCESS)


def _retry(request: HttpRequest, link: CustomerLink) -> bool:
    """Through one of the requests behind the link: the act is the request's."""
    for submission in link.submissions.all():
        try:
            triage.try_again(submission, by=person_of(request))
        except Refusal as refusal:
            messages.error(request, f"{submission.reference}: {refusal}")
        else:
            return True
    return False
