"""Signing in through the company's own service: for staff whom an administrator has added.

The service's verified address finds the person the first time; from then on its own number for
them does, so that an address which the service gives to somebody else opens nothing. Nobody is
made, and no role follows: such a service may have everybody.
"""

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.actions.audit import record_audit
from portal.models import STAFF_ROLES, User

VERIFIED = (True, "true", "True")  # some services say it in quotes, and "false" too


class CompanySignInAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # no types
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """Somebody whom the service has not brought here before."""
        for address in sociallogin.email_addresses:
            if address.verified in VERIFIED:
                person = find_staff(address.email, newcomer_of=sociallogin.account.provider)
                if person:
                    return person, person.email
        return None

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Raises ImmediateHttpResponse for everybody else."""
        person = sociallogin.user if sociallogin.is_existing else None
        may_enter = isinstance(person, User) and person.is_staff and person.is_active
        if not may_enter or sociallogin.state.get("process") != "login" or disagrees(sociallogin):
            raise ImmediateHttpResponse(refuse(request, sociallogin))
        forget_claims(sociallogin.account)


def find_staff(email: str, *, newcomer_of: str) -> User | None:
    person = User.objects.filter(
        email__iexact=email, role__in=STAFF_ROLES, is_active=True, erased_at=None
    ).first()
    if person and SocialAccount.objects.filter(user=person, provider=newcomer_of).exists():
        return None  # the service knows that person by another number
    return person


def disagrees(sociallogin: SocialLogin) -> bool:
    """OpenID Connect: both answers must be about the same person."""
    told = sociallogin.account.extra_data
    token, profile = told.get("id_token"), told.get("userinfo")
    return bool(token and profile) and token.get("sub") != profile.get("sub")


def forget_claims(account: SocialAccount) -> None:
    """What the service says of a person (picture, groups, …) is not needed and not kept."""
    account.extra_data = {}
    if account.pk:
        account.save(update_fields=["extra_data"])


def refuse(request: HttpRequest, sociallogin: SocialLogin) -> HttpResponse:
    service = sociallogin.provider.name
    record_audit("company sign-in refused", by=None, service=service)
    return render(request, "socialaccount/not_known.html", {"service": service}, status=403)
