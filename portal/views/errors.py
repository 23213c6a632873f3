"""What is shown when something is not there, not allowed, or broken."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import requires_csrf_token


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return render(request, "errors/too_much.html", status=413)
    return render(request, "400.html", status=400)


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(_request: HttpRequest) -> HttpResponse:
    """A page that needs neither the database nor the session."""
    return HttpResponse(get_template("500.html").render(), status=500)


@requires_csrf_token
def csrf_failure(request: HttpRequest, **_: object) -> HttpResponse:
    """A form whose page was open too long. A view with a `rescue` keeps what was typed into it.

    What another site sends here is not kept: it is nobody's text.
    """
    rescue = None if is_from_elsewhere(request) else find_rescue(request)
    return rescue(request) if rescue else render(request, "errors/stale_form.html", status=403)


def is_from_elsewhere(request: HttpRequest) -> bool:
    """Told by the browser; one too old to tell is asked for the address it came from."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site != "same-origin"
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    here = f"{request.scheme}://{request.get_host()}"
    return origin != here and not origin.startswith(f"{here}/")


def find_rescue(request: HttpRequest):  # type: ignore[no-untyped-def]
    try:
        return getattr(resolve(request.path_info).func, "rescue", None)
    except Resolver404:
        return None
