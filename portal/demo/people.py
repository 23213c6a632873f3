"""The people of the demo: who signs in, and as what."""

from dataclasses import dataclass

COMPANY = "larkfield.example"


@dataclass(frozen=True, slots=True)
class Person:
    """`role` is one of the portal's; `account` names a customer in the demo world."""

    name: str
    email: str
    role: str
    account: str = ""


CUSTOMER = Person(
    "Maya Lindqvist", "maya.lindqvist@northwind-freight.example", "customer", "Northwind Freight"
)
COLLEAGUE = Person(
    "Tomas Okafor", "tomas.okafor@northwind-freight.example", "customer", "Northwind Freight"
)
TAM = Person("Priya Natarajan", f"priya.natarajan@{COMPANY}", "tam")
SUBMITTER = Person("Hollis Grant", f"hollis.grant@{COMPANY}", "submitter")
ADMINISTRATOR = Person("Noor Brandt", f"noor.brandt@{COMPANY}", "administrator")

STAFF = (TAM, SUBMITTER, ADMINISTRATOR)
