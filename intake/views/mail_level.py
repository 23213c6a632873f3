"""How much mail about one request: the link in every mail, without signing in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from intake.actions.follow import set_mail_level
from intake.domain.vocabulary import MailLevel
from intake.forms import FollowForm
from intake.models import Follower
from intake.selectors.mail_level import read_mail_choice
from intake.selectors.mail_link import find_follower


@csrf_exempt  # the signed address is the permission; mail programs POST without a cookie
@never_cache
@require_http_methods(["GET", "POST"])
def mail_level(request: HttpRequest, signed: str) -> HttpResponse:
    """GET shows the choice. POST saves it; a mail program's one click (RFC 8058) ends the mail."""
    try:
        follower = find_follower(signed)
    except Follower.DoesNotExist:
        raise Http404 from None
    if request.method == "POST":
        return _save(request, follower, signed)
    context = {
        "choice": read_mail_choice(follower),
        "levels": MailLevel.choices,
        "is_saved": "saved" in request.GET,
    }
    return render(request, "intake/mail_level.html", context)


def _save(request: HttpRequest, follower: Follower, signed: str) -> HttpResponse:
    if request.POST.get("List-Unsubscribe") == "One-Click":
        set_mail_level(follower, MailLevel.NEVER)
        return HttpResponse("You get no more mail about this request.", content_type="text/plain")
    form = FollowForm(request.POST)
    if form.is_valid():
        set_mail_level(follower, form.cleaned_data["level"])
    response = redirect("intake:mail_level", signed=signed)
    response["Location"] += "?saved=1" if form.is_valid() else ""
    return response
