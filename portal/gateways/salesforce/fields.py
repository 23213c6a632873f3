"""Which fields hold what: names from the settings, checked against Salesforce's own description.

Ways of failing: none here; `find_problems` says in sentences what does not fit.
"""

from dataclasses import dataclass
from typing import Any

_NUMBERS = {"currency", "double", "int", "percent", "long"}
_DAYS = {"date", "datetime"}
_NEEDED: dict[str, tuple[set[str], str]] = {
    "arr": (_NUMBERS, "a number"),
    "seats": (_NUMBERS, "a number"),
    "net_arr": (_NUMBERS, "a number"),
    "renewal": (_DAYS, "a date"),
}
_ON_ACCOUNT = ("arr", "seats", "renewal", "health", "strategic", "tam", "segment")


@dataclass(frozen=True, slots=True)
class FieldNames:
    """Field names as the settings give them; "" for what this organisation does not keep.

    All are fields of Account but `net_arr`, which is one of Opportunity. `tam` is a lookup to a
    user or a text field with a name or an e-mail address.
    """

    arr: str = ""
    seats: str = ""
    renewal: str = ""
    health: str = ""
    strategic: str = ""
    tam: str = ""
    segment: str = ""
    net_arr: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """What to ask for in a query, in Salesforce's own spelling; "" for nothing."""

    arr: str
    seats: str
    renewal: str
    health: str
    strategic: str
    tam_email: str
    tam_name: str
    segment: str
    net_arr: str

    def list_for_account(self) -> str:
        chosen = (
            self.arr,
            self.seats,
            self.renewal,
            self.health,
            self.strategic,
            self.tam_email,
        )
        return _join("Id", "Name", *chosen, self.tam_name, self.segment)

    def list_for_opportunity(self) -> str:
        fixed = (
            "Id",
            "AccountId",
            "Name",
            "Probability",
            "CloseDate",
            "IsClosed",
            "IsWon",
        )
        return _join(*fixed, self.net_arr)


def _join(*columns: str) -> str:
    return ", ".join(dict.fromkeys(column for column in columns if column))


@dataclass(frozen=True, slots=True)
class Description:
    """The fields that our user can see, by lower-case name; None: the object itself is hidden."""

    account: dict[str, Any] | None
    opportunity: dict[str, Any] | None

    def find(self, key: str, names: FieldNames) -> Any:
        fields = self.account if key in _ON_ACCOUNT else self.opportunity
        return (fields or {}).get(getattr(names, key).lower())


def index_fields(answer: Any) -> dict[str, Any]:
    return {field["name"].lower(): field for field in answer["fields"]}


def find_problems(names: FieldNames, description: Description) -> list[str]:
    """One sentence for each hidden object and each field that is missing or does not fit."""
    hidden = [
        f"Salesforce does not show the object {title} to our user."
        for title, fields in (
            ("Account", description.account),
            ("Opportunity", description.opportunity),
        )
        if fields is None
    ]
    if hidden:
        return hidden
    found = (_find_problem(key, names, description) for key in (*_ON_ACCOUNT, "net_arr"))
    return [problem for problem in found if problem]


def _find_problem(key: str, names: FieldNames, description: Description) -> str:
    name = getattr(names, key)
    title = "Account" if key in _ON_ACCOUNT else "Opportunity"
    if not name:
        return ""
    field = description.find(key, names)
    if field is None:
        return f'Salesforce has no field "{name}" on {title} that our user can see (meant: {key}).'
    types, wanted = _NEEDED.get(key, (set(), ""))
    if types and field.get("type") not in types:
        return f'The Salesforce field "{name}" on {title} is not {wanted} (meant: {key}).'
    return ""


def choose_columns(names: FieldNames, description: Description) -> Columns:
    """Only with no problems left."""

    def spell(key: str) -> str:
        field = description.find(key, names)
        return field["name"] if field else ""

    tam_email, tam_name = _choose_tam(description.find("tam", names))
    return Columns(
        arr=spell("arr"),
        seats=spell("seats"),
        renewal=spell("renewal"),
        health=spell("health"),
        strategic=spell("strategic"),
        tam_email=tam_email,
        tam_name=tam_name,
        segment=spell("segment"),
        net_arr=spell("net_arr"),
    )


def _choose_tam(field: Any) -> tuple[str, str]:
    """(column of the e-mail address, column of the name)."""
    if not field:
        return "", ""
    if field.get("type") == "reference":
        relation = field["relationshipName"]
        return f"{relation}.Email", f"{relation}.Name"
    return (field["name"], "") if field.get("type") == "email" else ("", field["name"])
