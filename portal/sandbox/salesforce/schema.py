"""Which objects there are and which fields they have. Names are found in any case."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SField:
    """`kind` is Salesforce's type; `target` and `relationship` are set on references."""

    name: str
    kind: str
    label: str = ""
    target: str = ""
    relationship: str = ""
    external: bool = False
    writable: bool = True


def _fields(*rows: SField) -> dict[str, SField]:
    shared = (
        SField("Id", "id", writable=False),
        SField("IsDeleted", "boolean", writable=False),
        SField("CreatedDate", "datetime", writable=False),
        SField("LastModifiedDate", "datetime", writable=False),
        SField("SystemModstamp", "datetime", writable=False),
    )
    return {row.name.lower(): row for row in (*shared, *rows)}


TAM = "Technical Account Manager"
OWNER = SField("OwnerId", "reference", "Owner ID", "User", "Owner")
ACCOUNT_ID = SField("AccountId", "reference", "Account ID", "Account", "Account")

OBJECTS: dict[str, dict[str, SField]] = {
    "Account": _fields(
        SField("Name", "string", "Account Name"),
        SField("Type", "picklist"),
        SField("Website", "url"),
        SField("AnnualRevenue", "currency", "Annual Revenue"),
        SField("CARR_This_Account__c", "currency", "CARR (This Account)"),
        SField("Number_of_Licensed_Users__c", "double", "Number of Licensed Users"),
        SField("Next_Renewal_Date__c", "date", "Next Renewal Date"),
        SField("Account_Health__c", "picklist", "Account Health"),
        SField("Strategic_Account__c", "boolean", "Strategic Account"),
        SField("Technical_Account_Manager_Name__c", "string", f"{TAM} Name"),
        SField(
            "Technical_Account_Manager__c", "reference", TAM, "User", "Technical_Account_Manager__r"
        ),
        SField("Segment__c", "picklist", "Segment"),
        SField("External_Id__c", "string", "External Id", external=True),
        OWNER,
    ),
    "Contact": _fields(
        SField("Name", "string", "Full Name"),
        SField("FirstName", "string", "First Name"),
        SField("LastName", "string", "Last Name"),
        SField("Email", "email"),
        SField("External_Id__c", "string", "External Id", external=True),
        ACCOUNT_ID,
        OWNER,
    ),
    "Opportunity": _fields(
        SField("Name", "string"),
        SField("Net_ARR__c", "currency", "Net ARR"),
        SField("Amount", "currency"),
        SField("Probability", "percent", "Probability (%)"),
        SField("CloseDate", "date", "Close Date"),
        SField("IsClosed", "boolean", "Closed", writable=False),
        SField("IsWon", "boolean", "Won", writable=False),
        SField("StageName", "picklist", "Stage"),
        SField("External_Id__c", "string", "External Id", external=True),
        ACCOUNT_ID,
        OWNER,
    ),
    "User": _fields(
        SField("Name", "string", "Full Name"),
        SField("Email", "email"),
        SField("Username", "string"),
        SField("IsActive", "boolean", "Active"),
    ),
    "CurrencyType": _fields(
        SField("IsoCode", "picklist", "Currency ISO Code"),
        SField("ConversionRate", "double", "Conversion Rate"),
        SField("IsActive", "boolean", "Active"),
        SField("IsCorporate", "boolean", "Corporate Currency"),
    ),
}
PREFIXES = {
    "Account": "001",
    "Contact": "003",
    "User": "005",
    "Opportunity": "006",
    "CurrencyType": "01L",
}
TEXT_KINDS = frozenset(("string", "picklist", "url", "email"))
ID_KINDS = frozenset(("id", "reference"))
NUMBER_KINDS = frozenset(("currency", "double", "percent"))


class Schema:
    """The objects as one organisation shows them to one API version.

    `missing` holds `object.field` or a whole `object` in lower case.
    """

    def __init__(self, missing: set[str], version: str) -> None:
        self.missing = missing
        self.version = version

    def find_object(self, name: str) -> str | None:
        wanted = name.lower()
        found = next((known for known in OBJECTS if known.lower() == wanted), None)
        return None if wanted in self.missing else found

    def find_field(self, name: str, field: str) -> SField | None:
        if f"{name}.{field}".lower() in self.missing:
            return None
        return OBJECTS[name].get(field.lower())

    def find_relationship(self, name: str, relationship: str) -> SField | None:
        wanted = relationship.lower()
        for field in self.fields(name):
            if field.relationship.lower() == wanted and wanted:
                return field
        return None

    def fields(self, name: str) -> list[SField]:
        return [f for f in OBJECTS[name].values() if f"{name}.{f.name}".lower() not in self.missing]
