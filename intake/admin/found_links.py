"""The links that people left in GitLab, one line for each text: read here, written there."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from intake.models import FoundLink
from portal.admin.roles import LookOnly
from portal.admin.site import site
from portal.models import User
from portal.selectors.accounts import sees_every_account, visible_accounts

SHOWN = (
    "issue",
    "counts_on",
    "in_gitlab",
    "source",
    "is_internal",
    "author_name",
    "salesforce_id",
    "account",
    "opportunity",
    "points",
    "updated_at",
)


@admin.register(FoundLink, site=site)
class FoundLinkAdmin(LookOnly):
    """Without an account: Salesforce has not told us of it, and the link waits."""

    list_display = ["issue", "source", "author_name", "account", "opportunity", "points",
                    "updated_at"]  # fmt: skip
    list_filter = [
        "source",
        ("account", admin.EmptyFieldListFilter),
        ("opportunity", admin.EmptyFieldListFilter),
    ]
    search_fields = ["issue__iid", "issue__title", "account__name", "salesforce_id", "author_name"]
    search_help_text = "Issue number, words of its title, account, Salesforce id or author."
    ordering = ["-updated_at"]
    fields = SHOWN

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return list(SHOWN)

    def narrow(self, rows: QuerySet[Any], person: User) -> QuerySet[Any]:
        if sees_every_account(person):
            return rows
        return rows.filter(Q(account=None) | Q(account__in=visible_accounts(person)))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows.select_related("issue", "counts_on", "account", "opportunity")

    @admin.display(description="in GitLab")
    def in_gitlab(self, found: FoundLink) -> str:
        return format_html('<a href="{}" rel="noreferrer">{}</a>', found.url, found.url)
