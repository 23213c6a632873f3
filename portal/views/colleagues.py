"""The people of one's own organisations, and what a lead does about them."""

from collections.abc import Callable
from functools import wraps
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from portal.actions.colleagues import confirm_colleague, remove_colleague, set_lead
from portal.actions.invite import CannotInvite, invite, withdraw_invitation
from portal.actions.refusals import Refusal
from portal.forms.invitation import InvitationForm
from portal.models import Account, Invitation, User
from portal.selectors.colleagues import find_colleague, led_accounts, read_organisations

Act = Callable[[HttpRequest, Account, User], HttpResponse | None]
LONGEST_SEARCH = 80


@require_GET
@login_required
def colleagues(request: HttpRequest) -> HttpResponse:
    return _show(request)


def _show(request: HttpRequest, tried: InvitationForm | None = None, at: int = 0) -> HttpResponse:
    """The page; a form that was not accepted keeps what was typed."""
    search = request.GET.get("name", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    found = read_organisations(cast(User, request.user), now=timezone.now(), search=search)
    context = {
        "organisations": [
            (one, tried if tried and one.id == at else InvitationForm(account_id=one.id))
            for one in found
        ],
        "tried": tried,
        "search": search,
        "is_searchable": bool(search) or any(one.more for one in found),
    }
    return render(request, "people/colleagues.html", context)


def by_lead(act: Act) -> Callable[[HttpRequest], HttpResponse]:
    """Finds the account among those this person leads; a refusal is told on the page."""

    @require_POST
    @login_required
    @wraps(act)
    def view(request: HttpRequest) -> HttpResponse:
        person = cast(User, request.user)
        key = request.POST.get("account", "")
        if not key.isascii() or not key.isdigit() or len(key) > 18:
            raise Http404
        account = get_object_or_404(led_accounts(person), pk=int(key))
        try:
            answer = act(request, account, person)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            answer = None
        return answer or redirect("colleagues")

    return view


def _find(request: HttpRequest, account: Account) -> User:
    try:
        return find_colleague(account, request.POST.get("person", "")[:10].replace("\0", ""))
    except User.DoesNotExist:
        raise Http404 from None


@by_lead
def invite_colleague(request: HttpRequest, account: Account, by: User) -> HttpResponse | None:
    form = InvitationForm(request.POST, account_id=account.pk)
    if form.is_valid():
        fields = form.cleaned_data
        try:
            invite(account, fields["email"], is_lead=fields["is_lead"], by=by, now=timezone.now())
        except CannotInvite as refusal:
            form.add_error("email", str(refusal))
        else:
            told = f"{fields['email']} is expected. Now tell them: the portal writes to nobody new."
            messages.success(request, told)
            return None
    return _show(request, form, account.pk)


@by_lead
def withdraw_expected(request: HttpRequest, account: Account, by: User) -> None:
    open_ones = Invitation.objects.filter(account=account).open(timezone.now())
    invitation = get_object_or_404(open_ones, email=request.POST.get("email", "").replace("\0", ""))
    withdraw_invitation(invitation, by=by, now=timezone.now())
    messages.success(request, f"{invitation.email} is not expected any more.")


@by_lead
def confirm_waiting(request: HttpRequest, account: Account, by: User) -> None:
    person = _find(request, account)
    confirm_colleague(person, account, by=by, now=timezone.now())
    messages.success(request, f"{person} belongs to {account} now.")


@by_lead
def remove_member(request: HttpRequest, account: Account, by: User) -> None:
    person = _find(request, account)
    remove_colleague(person, account, by=by, now=timezone.now())
    messages.success(request, f"{person} sees nothing of {account} any more.")


@by_lead
def change_lead(request: HttpRequest, account: Account, by: User) -> None:
    person, leads = _find(request, account), request.POST.get("leads") == "yes"
    set_lead(person, account, is_lead=leads, by=by, now=timezone.now())
    now_what = f"leads {account} now" if leads else "leads no more"
    messages.success(request, f"{person} {now_what}.")
