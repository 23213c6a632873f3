"""What a customer does on a request's page: one POST, one action, and back to the page."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from intake.actions import choose as choosing
from intake.actions import confirm as confirming
from intake.actions import contest as contesting
from intake.actions import follow as following
from intake.actions import reply as replying
from intake.actions import withdraw as withdrawing
from intake.actions.refusals import Refusal
from intake.forms import ContestForm, FollowForm, OutcomeForm, ReplyForm
from intake.models import Submission
from intake.selectors.followers import find_follower
from intake.selectors.visibility import customers_who_see, visible_submissions
from intake.views.request_page import show_request
from intake.views.signed_in import SignedInRequest
from intake.views.too_often import count_act, tell_too_often
from portal.actions.limit import OverLimit
from portal.domain.limits import REPLY
from portal.models import User

Act = Callable[[SignedInRequest, Submission], HttpResponse | None]


def act_on_request(act: Act) -> Callable[..., HttpResponse]:
    """Finds the request among those this person may see; a refusal is told on its page."""

    @require_POST
    @login_required
    @wraps(act)
    def view(request: SignedInRequest, token: str) -> HttpResponse:
        submission = get_object_or_404(visible_submissions(request.user), token=token)
        try:
            answer = act(request, submission)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            answer = None
        return answer or redirect("intake:request", token=token)

    return view


def accept(form: Form, write: Callable[[], None]) -> bool:
    """Write what a valid form holds; a refusal becomes its error, so that the text stays."""
    if not form.is_valid():
        return False
    try:
        write()
    except OverLimit as over:
        tell_too_often(form, over)
        return False
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


@act_on_request
def choose(request: SignedInRequest, submission: Submission) -> None:
    issue_id = request.POST.get("issue", "")
    if not issue_id.isascii() or not issue_id.isdigit():
        raise Refusal("Please choose one of the requests shown.")
    choosing.choose(submission, issue_id=int(issue_id), by=request.user)
    messages.success(request, "Joined. Your own words and your urgency stay as you wrote them.")


@act_on_request
def reply(request: SignedInRequest, submission: Submission) -> HttpResponse | None:
    form = ReplyForm(request.POST, prefix="reply")

    def write() -> None:
        count_act(REPLY, request)
        replying.reply(submission, form.cleaned_data["text"], by=request.user)

    if not accept(form, write):
        return show_request(request, submission.token, reply_form=form)
    messages.success(request, "Your reply is in.")
    return None


@act_on_request
def withdraw(request: SignedInRequest, submission: Submission) -> None:
    withdrawing.withdraw(submission, by=request.user)
    messages.success(request, "Withdrawn. It stays here to read.")


@act_on_request
def not_the_same(request: SignedInRequest, submission: Submission) -> HttpResponse | None:
    form = ContestForm(request.POST, prefix="contest")

    def write() -> None:
        count_act(REPLY, request)
        contesting.contest(submission, form.cleaned_data["text"], by=request.user)

    if not accept(form, write):
        return show_request(request, submission.token, contest_form=form)
    messages.success(request, "Thank you. A person looks at it and answers you here.")
    return None


@act_on_request
def confirm(request: SignedInRequest, submission: Submission) -> HttpResponse | None:
    form = OutcomeForm(request.POST, prefix="outcome")

    def write() -> None:
        count_act(REPLY, request)
        answer = form.cleaned_data
        confirming.confirm(submission, answer["outcome"], answer["text"], by=request.user)

    if not accept(form, write):
        return show_request(request, submission.token, outcome_form=form)
    messages.success(request, "Thank you for telling us.")
    return None


@act_on_request
def follow(request: SignedInRequest, submission: Submission) -> None:
    """Follow, stop, add a colleague, or choose how much mail: the button says which."""
    what = request.POST.get("action", "")
    if what == "level":
        _set_level(request, submission)
    elif what == "stop":
        following.unfollow(submission, user=request.user, by=request.user)
        messages.success(request, "You no longer follow this request.")
    else:
        person = _find_colleague(request, submission) if what == "add" else request.user
        following.follow(submission, user=person, by=request.user)
        messages.success(request, f"{person} follows this request now.")


def _set_level(request: SignedInRequest, submission: Submission) -> None:
    form = FollowForm(request.POST)
    follower = find_follower(submission, request.user)
    if follower is None or not form.is_valid():
        raise Refusal("Follow the request first, then choose how much mail you want.")
    following.set_mail_level(follower, form.cleaned_data["level"])
    messages.success(request, "Your choice is saved.")


def _find_colleague(request: SignedInRequest, submission: Submission) -> User:
    """Among those who may read it; about everybody else the answer says nothing."""
    chosen = request.POST.get("person", "")
    is_number = chosen.isascii() and chosen.isdigit() and len(chosen) < 19
    found = customers_who_see(submission).filter(pk=int(chosen) if is_number else 0).first()
    if found is None:
        raise Refusal("Please choose a colleague who can read this request.")
    return found
