"""One account: what its money is on."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from portal.models import Account
from scoring.selectors.account_money import read_account_money
from scoring.views.staff_only import StaffRequest, staff_only


@require_GET
@staff_only
def account(request: StaffRequest, pk: int) -> HttpResponse:
    try:
        page = read_account_money(pk, reader=request.user, today=timezone.localdate())
    except Account.DoesNotExist as error:
        raise Http404 from error
    return render(request, "scoring/account.html", {"page": page})
