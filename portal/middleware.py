"""Middleware of our own: what is too large is not read, what may take long is done after the
answer, and no cache keeps what a signed-in person was shown."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers


def refuse_huge_bodies(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Before anything reads the body: else files of any size, sent by anybody, fill the disk.
    Twice of what a form takes is let in, so that the form itself can say which file is too large.
    """
    files = settings.ATTACHMENT_MAX_COUNT * settings.ATTACHMENT_MAX_BYTES
    most = 2 * (files + settings.DATA_UPLOAD_MAX_MEMORY_SIZE)

    def middleware(request: HttpRequest) -> HttpResponse:
        size = request.META.get("CONTENT_LENGTH") or "0"
        if size.isascii() and size.isdigit() and int(size) > most:
            return render(request, "errors/too_much.html", status=413)
        return get_response(request)

    return middleware


def work_after_answer(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """What a view leaves in `request.after_answer` is done once the answer is out, so that the
    time it takes tells the reader nothing. The server closes a response when it is sent."""

    def middleware(request: HttpRequest) -> HttpResponse:
        work: list[Callable[[], None]] = []
        request.after_answer = work  # type: ignore[attr-defined]
        response = get_response(request)
        response._resource_closers += work  # type: ignore[attr-defined]
        return response

    return middleware


def never_cache_signed_in(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        reads_session = request.session.accessed  # nobody's page otherwise: do not load one
        if (
            reads_session
            and request.user.is_authenticated
            and not response.has_header("Cache-Control")
        ):
            add_never_cache_headers(response)
        return response

    return middleware
