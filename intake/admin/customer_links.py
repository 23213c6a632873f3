"""Customer links: which account asks for which issue, and how its note in GitLab fares."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join

from intake.actions import triage
from intake.actions.refusals import Refusal
from intake.admin.note_preview import preview_link
from intake.models import CustomerLink, Demand, FoundIn, NoteState
from intake.selectors.found_glance import FoundGlance, list_found_for, with_first_found
from portal.admin.roles import RoleAdmin, RoleInline, person_of
from portal.admin.site import site
from portal.models import User
from portal.selectors.accounts import of_visible_accounts


class DemandInline(RoleInline):
    model = Demand
    verbose_name_plural = "demand"
    fields = readonly_fields = (
        "kind",
        "opportunity",
        "points",
        "value",
        "pilot_urgency",
        "severity",
    )


SHOWN = (
    "issue",
    "account",
    "note_state",
    "note",
    "note_text",
    "is_note_internal",
    "hand_set_points",
    "found",
    "refusal",
    "failures",
    "due_at",
    "leased_until",
    "demand_changed_at",
    "created_at",
)


@admin.register(CustomerLink, site=site)
class CustomerLinkAdmin(RoleAdmin):
    list_display = [
        "issue",
        "account",
        "note_state",
        "source",
        "author",
        "hand_set_points",
        "refusal",
        "failures",
        "due_at",
        "created_at",
    ]
    list_filter = ["note_state"]
    list_select_related = ["issue", "account"]
    search_fields = ["issue__iid", "issue__title", "account__name"]
    search_help_text = "Issue number, words of its title, or account."
    ordering = ["-created_at"]
    actions = ["try_again"]
    fields = SHOWN
    readonly_fields = SHOWN
    inlines = [DemandInline]

    def narrow(self, rows: QuerySet[Any], person: User) -> QuerySet[Any]:
        return of_visible_accounts(rows, person)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        links = super().get_queryset(request)
        return with_first_found(links.select_related("issue__project", "account__tam"))

    @admin.display(description="source")
    def source(self, link: CustomerLink) -> str:
        """Of a link that people left in GitLab; a request's own needs none."""
        found = link.found_source  # type: ignore[attr-defined]
        return FoundIn(found).label if found else "–"

    @admin.display(description="author")
    def author(self, link: CustomerLink) -> str:
        return link.found_author or "–"  # type: ignore[attr-defined]

    @admin.display(description="what people wrote")
    def found(self, link: CustomerLink) -> str:
        lines = [
            (each.url, each.source, each.author, each.updated_at.date(), _tell(each))
            for each in list_found_for(link)
        ]
        return (
            format_html_join("", '<p><a href="{}" rel="noreferrer">{}</a> by {}, {}{}</p>', lines)
            or "–"
        )

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


def _tell(found: FoundGlance) -> str:
    opportunity = ", a link to an opportunity" if found.is_opportunity else ""
    return f"{opportunity}, priority {found.points}" if found.points else opportunity


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
