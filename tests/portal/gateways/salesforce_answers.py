"""What a scripted Salesforce says, and a gateway to ask it with."""

import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from portal.gateways.errors import GatewayError
from portal.gateways.salesforce import (
    ClientCredentials,
    FieldNames,
    SalesforceGateway,
)
from tests.portal.gateways.scripted import Answer, Asked, Scripted, say, serve

SECRET = "a-secret-nobody-may-see"


TOKEN = {"access_token": "00D!session", "instance_url": "https://acme.my.salesforce.com"}


EXPIRED = say(401, [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}])


EMPTY = say(200, {"totalSize": 0, "done": True, "records": []})


SENTINEL = "sentinel@customer.example"


def open_gateway(
    server: Scripted, *, domain: str = "acme.my", fields: FieldNames | None = None, **limits: float
) -> SalesforceGateway:
    return SalesforceGateway(
        domain,
        credentials=ClientCredentials(consumer_key="the-app", secret=SECRET),
        fields=fields or FieldNames(),
        endpoint=server.url,
        **{"timeout": 5, **limits},
    )


def after_sign_in(answer: Answer) -> Answer:
    """Answers the sign-in by itself."""

    def choose(asked: Asked, connection: socket.socket) -> None:
        is_sign_in = asked.path == "/services/oauth2/token"
        (say(200, TOKEN) if is_sign_in else answer)(asked, connection)

    return choose


def fail(answer: Answer, call: Callable[[SalesforceGateway], Any] | None = None) -> GatewayError:
    ask = call or (lambda gateway: gateway.contacts_by_email(SENTINEL))
    with serve(answer) as server, pytest.raises(GatewayError) as caught:
        ask(open_gateway(server))
    shown = f"{caught.value!r} {caught.value.__context__!r} {caught.value.__cause__!r}"
    assert "SELECT" not in shown
    assert SENTINEL not in shown
    assert SECRET not in shown
    assert caught.value.service == "salesforce"
    return caught.value


def complain(status: int, code: str, message: str = "") -> Answer:
    text = message or f"SELECT Id FROM Contact WHERE Email = '{SENTINEL}' ^ ERROR"
    return after_sign_in(say(status, [{"message": text, "errorCode": code}]))


def describe(**types: Any) -> dict[str, Any]:
    return {
        "fields": [
            {"name": name, "type": kind, "relationshipName": relation, "referenceTo": []}
            for name, (kind, relation) in types.items()
        ]
    }


FIELDS = FieldNames(
    arr="arr__C", seats="Seats__c", renewal="Renewal__c", tam="TAM__c", net_arr="Net__c"
)


ACCOUNT = describe(
    ARR__c=("currency", None),
    Seats__c=("double", None),
    Renewal__c=("date", None),
    TAM__c=("reference", "TAM__r"),
)


OPPORTUNITY = describe(Net__c=("currency", None))


def answer_world(rows: Any, *, account: Any = ACCOUNT, opportunity: Any = OPPORTUNITY) -> Answer:
    """Descriptions and the same rows for every query; the rows go out as they are."""

    def answer(asked: Asked, connection: socket.socket) -> None:
        if asked.path.endswith("/Account/describe"):
            say(200, account)(asked, connection)
        elif asked.path.endswith("/Opportunity/describe"):
            say(200, opportunity)(asked, connection)
        else:
            body = f'{{"done": true, "records": {rows}}}'.encode()
            say(200, body, Content_Type="application/json")(asked, connection)

    return after_sign_in(answer)


def list_queries(server: Scripted) -> list[str]:
    parts = [urlsplit(asked.path) for asked in server.asked]
    return [parse_qs(part.query)["q"][0] for part in parts if part.path.endswith("/query/")]
