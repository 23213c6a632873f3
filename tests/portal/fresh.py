"""A browser whose person proved a moment ago who they are."""

from django.test import Client

from portal.models import User
from tests.intake.pages import sign_in
from tests.portal.signing_in import make_known


def sign_in_fresh(user: User) -> Client:
    client = sign_in(user)
    make_known(client, user)
    return client
