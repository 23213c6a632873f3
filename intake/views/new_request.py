"""Asking for a change, and doing so for a customer. Nothing typed is ever lost."""

from contextlib import suppress
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views import View

from intake.actions.drafts import RESCUED_FOR, adopt_draft, discard_draft, save_draft
from intake.actions.refusals import Refusal
from intake.actions.submit import submit
from intake.forms import OnBehalfForm, SubmissionForm
from intake.selectors.form_choices import (
    FormChoices,
    KeptDraft,
    choices_for_staff,
    choices_of,
    find_draft,
)
from intake.views.signed_in import SignedInRequest
from intake.views.too_often import answer_status, tell_too_often
from portal.actions.limit import OverLimit, count_attempt, record_refusal
from portal.domain.limits import RESCUE
from portal.views.network import read_network

DRAFT_COOKIE = "__Host-draft" if settings.IS_SECURE else "draft"
SALT = "intake.draft"
SEVERAL = frozenset({"colleagues"})  # fields with any number of values


class NewRequest(View):
    """`rescue` is what the site calls when a POST fails its forgery check."""

    form_class: type[SubmissionForm] = SubmissionForm
    is_on_behalf = False
    here = "intake:new_request"
    template = "intake/new_request.html"
    http_method_names = ["get", "post"]
    request: SignedInRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            return super().dispatch(request, *args, **kwargs)
        response = redirect_to_login(reverse(self.here))
        if request.method == "POST":
            try:
                self.keep(request, response)
            except OverLimit as over:
                return render(request, "429.html", {"over": over}, status=429)
            messages.info(request, "You were signed out. Your text is kept: sign in to go on.")
        return response

    def get(self, request: SignedInRequest) -> HttpResponse:
        token = read_draft_cookie(request)
        if token:
            adopt_draft(token, by=request.user)
        draft = find_draft(request.user, is_on_behalf=self.is_on_behalf)
        initial = read_initial(draft.fields) if draft else {}
        form = self.make_form(initial.get("account_search", ""), initial=initial)
        response = self.show(form, draft=draft)
        if token:
            response.delete_cookie(DRAFT_COOKIE)
        return response

    def post(self, request: SignedInRequest) -> HttpResponse:
        act = request.POST.get("action", "send")
        if act == "draft":
            return self.save()
        if act == "discard":
            discard_draft(by=request.user, is_on_behalf=self.is_on_behalf)
            return redirect(self.here)
        search = request.POST.get("account_search", "").replace("\0", "")
        if act == "find":
            return self.show(
                self.make_form(search, initial=read_initial(self.read_fields(request)))
            )
        return self.send(self.make_form(search, data=request.POST, files=request.FILES))

    def send(self, form: SubmissionForm) -> HttpResponse:
        if form.is_valid():
            try:
                network = read_network(self.request)
                sent = submit(form.read_draft(), by=self.request.user, network=network)
            except OverLimit as over:
                record_refusal(over, by=self.request.user, now=timezone.now())
                tell_too_often(form, over)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                response = redirect("intake:received", token=sent.token)
                response.delete_cookie(DRAFT_COOKIE)
                return response
        return self.show(form, status=answer_status(form), file_names=names_of(self.request))

    def save(self) -> HttpResponse:
        names = names_of(self.request)
        save_draft(
            self.read_fields(self.request),
            file_names=names,
            by=self.request.user,
            is_on_behalf=self.is_on_behalf,
        )
        later = f" Files are chosen again then: {', '.join(names)}." if names else ""
        messages.success(
            self.request, f"Your draft is saved. You find it under “Ask for a change”.{later}"
        )
        return redirect("intake:my_requests")

    def keep(self, request: HttpRequest, response: HttpResponse) -> None:
        """Keep what was posted as a draft that the browser alone can claim, for a day. Raises
        OverLimit: nobody pushes out everybody else's."""
        count_attempt(RESCUE, now=timezone.now(), network=read_network(request))
        draft = save_draft(
            self.read_fields(request),
            file_names=names_of(request),
            by=None,
            is_on_behalf=self.is_on_behalf,
        )
        response.set_signed_cookie(
            DRAFT_COOKIE,
            draft.token,
            salt=SALT,
            max_age=RESCUED_FOR,
            secure=settings.IS_SECURE,
            httponly=True,
            samesite="Lax",
        )

    def rescue(self, request: HttpRequest) -> HttpResponse:
        """After a failed forgery check: the posted fields again, to be sent once more."""
        self.setup(request)
        if not request.user.is_authenticated:
            return cast(HttpResponse, self.dispatch(request))
        self.check_reader()
        fields = self.read_fields(request)
        form = self.make_form(
            request.POST.get("account_search", "").replace("\0", ""), initial=read_initial(fields)
        )
        draft = KeptDraft(fields, tuple(names_of(request)))
        response = self.show(form, draft=draft, is_rescued=True, status=403)
        with suppress(OverLimit):
            self.keep(request, response)
        return response

    def check_reader(self) -> None:
        """Raises PermissionDenied."""

    def read_choices(self, _search: str) -> FormChoices:
        return choices_of(self.request.user)

    def make_form(self, search: str, **bound: Any) -> SubmissionForm:
        return self.form_class(choices=self.read_choices(search), **bound)

    def read_fields(self, request: HttpRequest) -> dict[str, list[str]]:
        """The form's own fields as posted. A database takes any text but the null character."""
        return {
            name: [value.replace("\0", "") for value in request.POST.getlist(name)]
            for name in self.form_class.base_fields
            if name in request.POST
        }

    def show(self, form: SubmissionForm, *, status: int = 200, **known: Any) -> HttpResponse:
        context = {
            "form": form,
            "here": self.here,
            "support_url": settings.SUPPORT_URL,
            "docs_url": settings.DOCS_URL,
            **known,
        }
        return render(self.request, self.template, context, status=status)


class NewRequestOnBehalf(NewRequest):
    form_class = OnBehalfForm
    is_on_behalf = True
    here = "intake:new_request_on_behalf"
    template = "intake/new_request_on_behalf.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            self.check_reader()
        return super().dispatch(request, *args, **kwargs)

    def check_reader(self) -> None:
        if not self.request.user.is_staff:
            raise PermissionDenied

    def read_choices(self, search: str) -> FormChoices:
        return choices_for_staff(self.request.user, search)


def read_draft_cookie(request: HttpRequest) -> str:
    """The token of a rescued draft, empty without one or when it was tampered with."""
    token = request.get_signed_cookie(DRAFT_COOKIE, default="", salt=SALT, max_age=RESCUED_FOR)
    return token or ""


def read_initial(fields: dict[str, list[str]]) -> dict[str, Any]:
    return {
        name: values if name in SEVERAL else values[-1] for name, values in fields.items() if values
    }


def names_of(request: HttpRequest) -> list[str]:
    return [upload.name or "" for upload in request.FILES.getlist("attachments")]


def make_view(view_class: type[NewRequest]) -> Any:
    """The view, and beside it what saves its text after a failed forgery check."""
    view: Any = view_class.as_view()
    view.rescue = lambda request: view_class().rescue(request)
    return view


new_request = make_view(NewRequest)
new_request_on_behalf = make_view(NewRequestOnBehalf)
