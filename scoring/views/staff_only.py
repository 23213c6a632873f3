"""Money is shown here: these pages exist only for the roles that triage."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from portal.models import User

P = ParamSpec("P")


class StaffRequest(HttpRequest):
    """For annotations only: what a view behind `staff_only` is given."""

    user: User


def staff_only(
    view: Callable[Concatenate[StaffRequest, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Strangers are asked to sign in; for customers and internal submitters there is nothing."""

    @login_required
    @wraps(view)
    def guarded(request: StaffRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.may_triage:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
