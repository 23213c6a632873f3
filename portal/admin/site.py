"""The one admin site: who gets in, and how they sign in."""

from collections.abc import Callable
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, NoReturn, cast

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path, reverse

from portal.models import User
from portal.selectors.accounts import sees_every_account

if TYPE_CHECKING:
    from django.contrib.admin.models import LogEntry

View = Callable[..., HttpResponseBase]


class TriageSite(AdminSite):
    """Open to the roles that triage. Signing in is the site's own, by mailed code."""

    site_header = "Intake portal · triage"
    site_title = "Intake portal"
    index_title = "Everything staff can look at"
    enable_nav_sidebar = False  # triage needs the width
    empty_value_display = "–"

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self._pages: list[tuple[str, View, str]] = []

    def add_page(self, route: str, view: View, *, name: str) -> None:
        """A page of its own beside the models' pages, guarded like them."""
        self._pages.append((route, view, name))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        pages = [path(route, self.admin_view(view), name=name) for route, view, name in self._pages]
        return [*pages, *super().get_urls()]

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(getattr(request.user, "may_triage", False))

    def get_log_entries(self, request: HttpRequest) -> "QuerySet[LogEntry]":
        """Somebody's last acts, on the first page. They keep the names of rows, also of accounts
        that another TAM has taken over since."""
        entries = super().get_log_entries(request)
        is_all_theirs = sees_every_account(cast(User, request.user))
        return entries if is_all_theirs else entries.none()

    def admin_view(self, view: View, cacheable: bool = False) -> Any:
        """For people who are signed in and do not triage, nothing here exists."""
        guarded = super().admin_view(view, cacheable)

        def hide(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            return guarded(request, *args, **kwargs)

        return update_wrapper(hide, guarded)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get("next", reverse("admin:index")))
        if not self.has_permission(request):
            raise Http404
        return redirect("admin:index")

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_logout")

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> NoReturn:
        raise Http404  # nobody here has a password

    def password_change_done(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> NoReturn:
        raise Http404


site = TriageSite()
