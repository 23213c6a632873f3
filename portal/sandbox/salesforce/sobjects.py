"""Records by id or external id, and the description of an object."""

from typing import Any

from portal.sandbox.salesforce.records import lengthen_id, put_row
from portal.sandbox.salesforce.schema import (
    ID_KINDS,
    NUMBER_KINDS,
    OBJECTS,
    PREFIXES,
    TEXT_KINDS,
    Schema,
    SField,
)
from portal.sandbox.state import Row, SalesforceState
from portal.sandbox.wire import Answer, Response, json_response

NOT_FOUND = "The requested resource does not exist"


def refuse(status: int, code: str, message: str, fields: list[str] | None = None) -> Answer:
    """Salesforce's errors are a list."""
    error: dict[str, Any] = {"message": message, "errorCode": code}
    if fields is not None:
        error["fields"] = fields
    return Answer(json_response([error], status))


def find_object(schema: Schema, name: str) -> str:
    found = schema.find_object(name)
    if found is None:
        raise refuse(404, "NOT_FOUND", NOT_FOUND)
    return found


def read_record(
    state: SalesforceState, schema: Schema, name: str, row_id: str, wanted: str
) -> Response:
    """`wanted`: comma-separated field names; empty for all."""
    name = find_object(schema, name)
    row = state.rows.get(name, {}).get(lengthen_id(row_id))
    if row is None or row["IsDeleted"]:
        raise refuse(
            404, "NOT_FOUND", "Provided external ID field does not exist or is not accessible"
        )
    fields = schema.fields(name)
    if wanted:
        fields = [_find_field(schema, name, field) for field in wanted.split(",")]
    url = f"/services/data/v{schema.version}/sobjects/{name}/{row['Id']}"
    shown: Row = {"attributes": {"type": name, "url": url}}
    return json_response(shown | {field.name: row[field.name] for field in fields})


def _find_field(schema: Schema, name: str, field: str) -> SField:
    found = schema.find_field(name, field.strip())
    if found is None:
        words = f"No such column '{field}' on sobject of type {name}"
        raise refuse(400, "INVALID_FIELD", words)
    return found


def upsert_record(
    state: SalesforceState, schema: Schema, name: str, external: tuple[str, str], values: Row
) -> Response:
    """PATCH by external id: 201 when made, 200 when changed; two with one key are 300."""
    name, key = find_object(schema, name), external[1]
    field = schema.find_field(name, external[0])
    if field is None or not (field.external or field.name == "Id"):
        words = "Provided external ID field does not exist or is not accessible"
        raise refuse(404, "NOT_FOUND", words)
    found = _find_by_key(state, name, field, key)
    if len(found) > 1:
        return json_response([f"/sobjects/{name}/{row['Id']}" for row in found], 300)
    if not found and field.name == "Id":
        raise refuse(404, "NOT_FOUND", NOT_FOUND)
    clean = check_values(schema, name, values)
    if field.name != "Id":
        clean[field.name] = key
    if not found:
        _require_name(name, clean)
    row = put_row(state, name, clean | ({"Id": found[0]["Id"]} if found else {}))
    body = {"id": row["Id"], "success": True, "errors": [], "created": not found}
    return json_response(body, 200 if found else 201)


def _find_by_key(state: SalesforceState, name: str, field: SField, key: str) -> list[Row]:
    wanted = lengthen_id(key) if field.kind in ID_KINDS else key.lower()
    rows = state.rows.get(name, {}).values()
    return [row for row in rows if _external_key(field, row) == wanted and not row["IsDeleted"]]


def _external_key(field: SField, row: Row) -> str:
    value = str(row[field.name] or "")
    return value if field.kind in ID_KINDS else value.lower()


def _require_name(name: str, values: Row) -> None:
    field = {"Contact": "LastName", "Account": "Name", "Opportunity": "Name"}.get(name, "Name")
    if not values.get(field):
        words = f"Required fields are missing: [{field}]"
        raise refuse(400, "REQUIRED_FIELD_MISSING", words, [field])


def check_values(schema: Schema, name: str, values: Row) -> Row:
    """Known, writable fields with values of their type, under their proper names."""
    clean: Row = {}
    for key, value in values.items():
        if key == "attributes":
            continue
        field = _find_field(schema, name, key)
        if not field.writable:
            words = f"Unable to create/update fields: {field.name}."
            raise refuse(400, "INVALID_FIELD_FOR_INSERT_UPDATE", words, [field.name])
        fits = value is None or isinstance(value, _python_types(field))
        if not fits or (isinstance(value, bool) and field.kind != "boolean"):
            words = f"{field.label or field.name}: value not of required type: {value}"
            raise refuse(400, "INVALID_TYPE_ON_FIELD_IN_RECORD", words, [field.name])
        clean[field.name] = (
            float(value) if field.kind in NUMBER_KINDS and value is not None else value
        )
    return clean


def _python_types(field: SField) -> tuple[type, ...]:
    if field.kind == "boolean":
        return (bool,)
    return (int, float) if field.kind in NUMBER_KINDS else (str,)


def update_record(
    state: SalesforceState, schema: Schema, name: str, row_id: str, values: Row
) -> Response:
    name = find_object(schema, name)
    row = state.rows.get(name, {}).get(lengthen_id(row_id))
    if row is None or row["IsDeleted"]:
        raise refuse(404, "NOT_FOUND", NOT_FOUND)
    put_row(state, name, check_values(schema, name, values) | {"Id": row["Id"]})
    return Response(204)


def list_objects(version: str) -> Response:
    base = f"/services/data/v{version}/sobjects"
    shown = [
        {"name": name, "label": name, "keyPrefix": PREFIXES[name], "queryable": True}
        | {"urls": {"sobject": f"{base}/{name}", "describe": f"{base}/{name}/describe"}}
        for name in OBJECTS
    ]
    return json_response({"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": shown})


def describe_object(schema: Schema, name: str) -> Response:
    name = find_object(schema, name)
    shape = {"name": name, "label": name, "custom": False, "queryable": True, "updateable": True}
    fields = [_describe_field(field) for field in schema.fields(name)]
    return json_response(shape | {"keyPrefix": PREFIXES[name], "fields": fields})


def _describe_field(field: SField) -> Row:
    return {
        "name": field.name,
        "label": field.label or field.name,
        "type": field.kind,
        "custom": field.name.endswith("__c"),
        "externalId": field.external,
        "idLookup": field.external or field.name == "Id",
        "unique": field.external,
        "filterable": True,
        "sortable": True,
        "nillable": field.kind not in ("id", "boolean"),
        "createable": field.writable,
        "updateable": field.writable,
        "length": 255 if field.kind in TEXT_KINDS else 18 if field.kind in ID_KINDS else 0,
        "precision": 18 if field.kind in NUMBER_KINDS else 0,
        "referenceTo": [field.target] if field.target else [],
        "relationshipName": field.relationship or None,
        "picklistValues": [],
    }
