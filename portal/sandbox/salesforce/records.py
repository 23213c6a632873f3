"""Records: ids, and an account with its contacts and opportunities in one piece."""

from datetime import UTC, datetime
from typing import Any
from zlib import crc32

from portal.sandbox.salesforce.schema import OBJECTS, PREFIXES
from portal.sandbox.state import Row, SalesforceState

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
LOGIN = "portal@larkfield.example"


def lengthen_id(short: str) -> str:
    """15 to 18 characters: each of the last three tells the capitals of five."""
    if len(short) != 15:
        return short
    suffix = ""
    for start in (0, 5, 10):
        bits = sum(1 << n for n, c in enumerate(short[start : start + 5]) if c.isupper())
        suffix += ALPHABET[bits]
    return short + suffix


def show_moment(moment: datetime) -> str:
    """2026-01-31T10:00:00.000+0000."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}+0000"


def make_id(state: SalesforceState, name: str) -> str:
    state.counters[name] = state.counters.get(name, 0) + 1
    return lengthen_id(f"{PREFIXES[name]}Sb{state.counters[name]:010d}")


def put_row(state: SalesforceState, name: str, values: Row) -> Row:
    """Create or change one record; every field is there afterwards and the stamps move."""
    rows = state.rows.setdefault(name, {})
    row_id = lengthen_id(values.get("Id") or make_id(state, name))
    stamp = show_moment(datetime.now(UTC))
    row = rows.get(row_id)
    if row is None:
        kinds = OBJECTS[name].values()
        row = {f.name: False if f.kind == "boolean" else None for f in kinds}
        row["CreatedDate"] = stamp
        rows[row_id] = row
    row.update(values)
    row |= {"Id": row_id, "LastModifiedDate": stamp, "SystemModstamp": stamp}
    return row


def seed_login(state: SalesforceState) -> None:
    put_user(state, LOGIN, "Portal integration")


def seed_currencies(state: SalesforceState) -> None:
    """An organisation with several; one with a single currency lacks the whole object."""
    for code, rate in (("USD", 1.0), ("EUR", 0.9)):
        values: Row = {"IsoCode": code, "ConversionRate": rate, "IsActive": True}
        put_row(state, "CurrencyType", values | {"IsCorporate": code == "USD"})


def put_user(state: SalesforceState, email: str, name: str) -> str:
    """The user with this address, made when there is none; its id does not depend on order."""
    number = crc32(email.lower().encode())
    values: Row = {"Id": lengthen_id(f"005Us{number:010d}"), "Email": email, "Name": name}
    values |= {"Username": email, "IsActive": True}
    return str(put_row(state, "User", values)["Id"])


def put_account(state: SalesforceState, order: dict[str, Any]) -> str:
    """An account in the world's shape; keys that are absent leave what is there. Returns the id."""
    row = put_row(state, "Account", _read_account(state, order))
    if row["OwnerId"] is None:
        owner = put_user(state, "owner@larkfield.example", "Ola Wren")
        row |= {"OwnerId": owner, "Type": "Customer"}
    for contact in order.get("contacts", []):
        _put_contact(state, row["Id"], contact)
    for opportunity in order.get("opportunities", []):
        _put_opportunity(state, row["Id"], opportunity)
    return str(row["Id"])


def _read_account(state: SalesforceState, order: dict[str, Any]) -> Row:
    values: Row = {"Id": order.get("id18")}
    for key, field in ACCOUNT_KEYS.items():
        if key in order:
            values[field] = _number(order[key]) if key in ("arr", "seats") else order[key]
    if values.get("Account_Health__c"):
        values["Account_Health__c"] = str(values["Account_Health__c"]).capitalize()
    if order.get("domain"):
        values["Website"] = f"https://www.{order['domain']}"
    if "tam_email" in order:
        tam = order["tam_email"]
        name = order.get("tam_name") or tam
        values["Technical_Account_Manager__c"] = put_user(state, tam, name) if tam else None
    if "is_strategic" in order:
        values["Strategic_Account__c"] = bool(order["is_strategic"])
    return values


ACCOUNT_KEYS = {
    "name": "Name",
    "arr": "CARR_This_Account__c",
    "seats": "Number_of_Licensed_Users__c",
    "renewal_on": "Next_Renewal_Date__c",
    "health": "Account_Health__c",
    "tam_name": "Technical_Account_Manager_Name__c",
    "segment": "Segment__c",
    "is_deleted": "IsDeleted",
}


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _put_contact(state: SalesforceState, account_id: str, order: dict[str, Any]) -> None:
    first, _, last = order["name"].partition(" ")
    values = {"Id": order.get("id18"), "AccountId": account_id, "Name": order["name"]}
    values |= {"Email": order["email"], "FirstName": first, "LastName": last or first}
    put_row(state, "Contact", values)


def _put_opportunity(state: SalesforceState, account_id: str, order: dict[str, Any]) -> None:
    closed, won = bool(order.get("is_closed")), bool(order.get("is_won"))
    stage = ("Closed Won" if won else "Closed Lost") if closed else "Negotiation"
    values = {
        "Id": order.get("id18"),
        "AccountId": account_id,
        "Name": order["name"],
        "Net_ARR__c": _number(order.get("net_arr")),
        "Amount": _number(order.get("net_arr")),
        "Probability": _number(order.get("probability")),
        "CloseDate": order.get("closes_on"),
        "IsClosed": closed,
        "IsWon": won,
        "StageName": order.get("stage", stage),
    }
    put_row(state, "Opportunity", values)


def show_account(state: SalesforceState, account: Row) -> dict[str, Any]:
    """An account back in the world's shape."""
    tam = state.rows.get("User", {}).get(account["Technical_Account_Manager__c"] or "", {})
    shape: dict[str, Any] = {key: account[field] for key, field in ACCOUNT_KEYS.items()}
    shape |= {"id18": account["Id"], "is_strategic": account["Strategic_Account__c"]}
    shape["tam_email"] = tam.get("Email")
    shape["contacts"] = [
        {"id18": c["Id"], "name": c["Name"], "email": c["Email"]}
        for c in state.rows.get("Contact", {}).values()
        if c["AccountId"] == account["Id"]
    ]
    shape["opportunities"] = [
        {"id18": o["Id"], "name": o["Name"], "net_arr": o["Net_ARR__c"]}
        | {"probability": o["Probability"], "closes_on": o["CloseDate"]}
        | {"is_closed": o["IsClosed"], "is_won": o["IsWon"]}
        for o in state.rows.get("Opportunity", {}).values()
        if o["AccountId"] == account["Id"]
    ]
    return shape
