"""Acts that were done too often: told in the form, with nothing typed lost, as status 429."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import Form
from django.utils import timezone

from intake.views.signed_in import SignedInRequest
from portal.actions.limit import OverLimit, count_attempt, record_refusal
from portal.domain.limits import Limit
from portal.views.network import read_network

TOO_OFTEN = "too_often"


def count_act(limit: Limit, request: SignedInRequest) -> None:
    """Before an act that may be done only so often. Raises OverLimit."""
    now = timezone.now()
    try:
        count_attempt(limit, now=now, person=request.user.pk, network=read_network(request))
    except OverLimit as over:
        record_refusal(over, by=request.user, now=now)
        raise


def tell_too_often(form: Form, over: OverLimit) -> None:
    form.add_error(None, ValidationError(str(over), code=TOO_OFTEN))


def answer_status(form: Form) -> int:
    """Of the page that shows a form again."""
    return 429 if form.is_bound and form.has_error(NON_FIELD_ERRORS, TOO_OFTEN) else 200
