"""The two ways to sign in to Salesforce as a machine."""

from dataclasses import dataclass, field
from typing import Any

from portal.gateways.errors import Misconfigured


@dataclass(frozen=True, slots=True)
class JwtBearer:
    """A user who never types a password: we sign a short-lived assertion with our key.

    https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_jwt_flow.htm&type=5
    """

    username: str
    consumer_key: str = field(repr=False)
    private_key_pem: str = field(repr=False)

    def as_arguments(self, domain: str) -> dict[str, Any]:
        """For SalesforceLogin. The assertion is made out to Salesforce's common sign-in host, also
        where it is handed in at a My Domain; sandbox orgs have a host of their own."""
        is_for_testing = domain == "test" or "--" in domain or ".sandbox." in domain
        return {
            "domain": "test" if is_for_testing else "login",
            "instance_url": domain,
            "username": self.username,
            "consumer_key": self.consumer_key,
            "privatekey": self.private_key_pem,
        }


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """The app signs in as its own user; Salesforce offers this on a My Domain only.

    https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_client_credentials_flow.htm&type=5
    """

    consumer_key: str = field(repr=False)
    secret: str = field(repr=False)

    def as_arguments(self, domain: str) -> dict[str, Any]:
        """For SalesforceLogin. Raises Misconfigured on the common sign-in hosts."""
        if domain in ("login", "test"):
            raise Misconfigured(
                "Salesforce takes a client secret on a My Domain only: set the domain to it.",
                service="salesforce",
            )
        return {
            "domain": domain,
            "consumer_key": self.consumer_key,
            "consumer_secret": self.secret,
        }
