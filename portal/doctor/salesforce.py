"""Salesforce: the sign-in, the fields the settings name, and the currency of all money."""

from collections.abc import Iterable

from django.conf import settings

from portal.doctor.registry import Finding, broken, fine, look, tries
from portal.gateways import connect
from portal.gateways.errors import GatewayError, Misconfigured
from portal.gateways.salesforce import SalesforceGateway

SIGN_IN = (
    "Check SALESFORCE_DOMAIN, SALESFORCE_CONSUMER_KEY, and SALESFORCE_USERNAME with "
    "SALESFORCE_PRIVATE_KEY or SALESFORCE_CLIENT_SECRET; the connected app must allow this user."
)


@tries("Salesforce")
def try_salesforce() -> Iterable[Finding]:
    try:
        gateway = connect.salesforce()
        gateway.check()
    except Misconfigured as error:
        yield broken(str(error), SIGN_IN)
        return
    except GatewayError as error:
        yield broken(str(error), "Requests wait and go on by themselves once it answers.")
        return
    yield fine(f"{settings.SALESFORCE_DOMAIN} lets us in and shows accounts.")
    problems = gateway.missing_fields()
    for problem in problems:
        yield broken(problem, "Set the SALESFORCE_FIELD_… of this meaning, or leave it empty.")
    if not problems:
        named = [name for name in settings.SALESFORCE_FIELDS.values() if name]
        yield fine(f"All {len(named)} fields are there: {', '.join(named)}.")
    yield name_currency(gateway)


def name_currency(gateway: SalesforceGateway) -> Finding:
    try:
        currency = gateway.corporate_currency()
    except GatewayError as error:
        return look(str(error), "Let our user read CurrencyType, or ask which currency it is.")
    if currency is None:
        return fine("All money is in the organisation's single currency.")
    return fine(f"All money is in {currency}, the organisation's corporate currency.")


@tries("Salesforce")
def try_hosts() -> Iterable[Finding]:
    if settings.SALESFORCE_HOSTS:
        yield fine(f"Account links count at {', '.join(settings.SALESFORCE_HOSTS)}.")
    else:
        yield broken("No address counts as an account link.", "Set SALESFORCE_HOSTS.")
