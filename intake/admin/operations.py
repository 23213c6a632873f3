"""The operations page: whether the doors are open and the work gets done."""

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone

from intake.selectors.operations import read_operations
from portal.admin.site import site


def show_operations(request: HttpRequest) -> TemplateResponse:
    now = timezone.now()
    context = {
        **site.each_context(request),
        "title": "Operations",
        "state": read_operations(now=now),
        "now": now,
    }
    request.current_app = site.name
    return TemplateResponse(request, "admin/operations.html", context)


site.add_page("operations/", show_operations, name="operations")
