"""A request whose person is known to be signed in."""

from django.http import HttpRequest

from portal.models import User


class SignedInRequest(HttpRequest):
    """For annotations only: what a view behind `login_required` is given."""

    user: User
