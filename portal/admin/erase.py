"""An administrator erases a person: staff who left, or a customer who asked for it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from portal.actions.erase import erase_person
from portal.actions.refusals import Refusal
from portal.admin.roles import ADMINISTRATORS, person_of
from portal.admin.site import site
from portal.forms.erase import ErasureForm
from portal.models import User


@require_http_methods(["GET", "POST"])
def show_erasure(request: HttpRequest, pk: int) -> HttpResponse:
    by = person_of(request)
    if by.role not in ADMINISTRATORS:
        raise Http404
    person = get_object_or_404(User, pk=pk, erased_at=None)
    form = ErasureForm(
        request.POST or None, expected=person.reference, label="Their reference, to confirm"
    )
    if request.method == "POST" and form.is_valid():
        try:
            erase_person(person, by=by, now=timezone.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{person.reference} was erased.")
            return redirect("admin:portal_user_changelist")
    context = {
        **site.each_context(request),
        "title": "Erase a person",
        "person": person,
        "form": form,
    }
    request.current_app = site.name
    return TemplateResponse(request, "admin/portal/user/erase.html", context)


show_erasure.needs_fresh_sign_in = True  # type: ignore[attr-defined]
site.add_page("people/<int:pk>/erase/", show_erasure, name="erase_person")
