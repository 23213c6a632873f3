"""What staff tune without a release: the wording of states."""

from django.contrib import admin
from django.http import HttpRequest

from intake.models import StateWording
from portal.admin.roles import ADMINISTRATORS, RoleAdmin
from portal.admin.site import site


@admin.register(StateWording, site=site)
class StateWordingAdmin(RoleAdmin):
    """A state without a row here keeps the wording that came with the portal."""

    may_add = may_change = may_delete = ADMINISTRATORS
    list_display = ["state", "label", "meaning"]

    def get_readonly_fields(
        self, request: HttpRequest, obj: StateWording | None = None
    ) -> list[str]:
        return ["state"] if obj else []
