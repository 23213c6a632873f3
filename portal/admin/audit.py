"""The audit: to be read and searched by administrators, changed by nobody."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from portal.admin.roles import ADMINISTRATORS, LookOnly
from portal.admin.site import site
from portal.models import AuditEntry


class TimeFilter(admin.DateFieldListFilter):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "time"


@admin.register(AuditEntry, site=site)
class AuditEntryAdmin(LookOnly):
    may_view = ADMINISTRATORS
    list_display = ["at", "who", "action", "object_kind", "object_reference", "told"]
    list_display_links = ["at"]
    list_filter = [("at", TimeFilter), "action"]
    search_fields = ["actor", "=actor_reference", "=object_reference", "action"]
    search_help_text = "A name, a person's reference (P-…), or an act."
    fields = readonly_fields = (
        *("at", "who", "actor_reference", "action"),
        *("object_kind", "object_reference", "told"),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return list(self.fields)

    @admin.display(description="who", ordering="actor")
    def who(self, entry: AuditEntry) -> str:
        return entry.actor or "the portal"

    @admin.display(description="details")
    def told(self, entry: AuditEntry) -> str:
        told = sorted(entry.details.items())  # PostgreSQL keeps no order
        return "; ".join(f"{name}: {_tell(value)}" for name, value in told)


def _tell(value: Any) -> str:
    if isinstance(value, dict):
        return f"{value.get('before')} → {value.get('after')}"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
