"""Accounts planted in the sandbox, and a gateway to read them with."""

from typing import Any

from portal.gateways.salesforce import (
    ClientCredentials,
    FieldNames,
    SalesforceGateway,
)
from portal.sandbox.client import Sandbox

FIELDS = FieldNames(
    arr="CARR_This_Account__c",
    seats="Number_of_Licensed_Users__c",
    renewal="Next_Renewal_Date__c",
    health="Account_Health__c",
    strategic="Strategic_Account__c",
    tam="Technical_Account_Manager__c",
    segment="Segment__c",
    net_arr="Net_ARR__c",
)


SECRET = ClientCredentials(consumer_key="sandbox-consumer", secret="sandbox-secret")


LARKFIELD, BIRCH = "001Lf000008FMPcIAO", "001D000000IqhSLIAZ"


OPPORTUNITY, CONTACT = "006Lf00000G4u1yIAB", "003Lf00000MXkEEIA1"


def open_gateway(
    sandbox: Sandbox, domain: str = "larkfield.my", **changes: Any
) -> SalesforceGateway:
    wanted: dict[str, Any] = {"credentials": SECRET, "fields": FIELDS, "timeout": 5, **changes}
    return SalesforceGateway(domain, endpoint=sandbox.salesforce_url, **wanted)


def plant(sandbox: Sandbox, **changes: Any) -> str:
    account = {
        "id18": LARKFIELD,
        "name": "Northwind Freight",
        "arr": "48000.10",
        "seats": 160,
        "renewal_on": "2027-04-30",
        "health": "Yellow",
        "is_strategic": True,
        "tam_email": "kim@larkfield.example",
        "tam_name": "Kim Osei",
        "segment": "mid-market",
        "domain": "northwind.example",
        "contacts": [],
        "opportunities": [],
        **changes,
    }
    sandbox.seed({"accounts": [account]})
    return str(account["id18"])
