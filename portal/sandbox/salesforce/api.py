"""Salesforce's front: sign-in, queries, records, limits, and a record's page."""

import re
import secrets
from html import escape

from portal.sandbox.gitlab.pages import wrap_page
from portal.sandbox.hub import Hub
from portal.sandbox.salesforce import sobjects
from portal.sandbox.salesforce.oauth import answer_token
from portal.sandbox.salesforce.records import lengthen_id, show_account
from portal.sandbox.salesforce.schema import OBJECTS, Schema
from portal.sandbox.salesforce.sobjects import refuse
from portal.sandbox.soql import Engine
from portal.sandbox.soql_tokens import SoqlError
from portal.sandbox.state import Row, SalesforceState
from portal.sandbox.wire import Answer, Request, Response, html_response, json_response

DATA = re.compile(r"/services/data/v(?P<version>\d+\.\d)(?P<rest>/.*)?$")
PAGE = re.compile(r"/lightning/r/(?:(?P<kind>\w+)/)?(?P<id>[A-Za-z0-9]{15,18})/view/?$")
SHORT_PAGE = re.compile(r"/(?P<id>[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?)/?$")
CURSOR = re.compile(r"(?P<id>01g\w+)-(?P<at>\d+)$")
LONGEST_URI = 16_384
LARGEST_BATCH = 2000


class SalesforceService:
    name = "salesforce"
    locked = True

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    @property
    def _state(self) -> SalesforceState:
        return self.hub.state.salesforce

    def answer(self, request: Request) -> Response:
        if request.path == "/services/oauth2/token" and request.method == "POST":
            return answer_token(self._state, request)
        if request.path == "/services/data":
            shown = [{"label": "API", "url": "/services/data/v61.0", "version": "61.0"}]
            return json_response(shown)
        if (match := DATA.match(request.path)) is not None:
            return self._answer_data(request, match["version"], match["rest"] or "/")
        page = PAGE.match(request.path) or SHORT_PAGE.match(request.path)
        return self._show_page(page["id"]) if page else self._show_missing()

    def _answer_data(self, request: Request, version: str, rest: str) -> Response:
        """Counts the call, checks the session and adds the usage header to every answer."""
        state = self._state
        if len(request.path) + len(request.query_string) > LONGEST_URI:
            return html_response("<h1>414 URI Too Long</h1>", 414)
        state.used += 1
        try:
            response = self._answer_signed_in(request, version, rest.rstrip("/"))
        except SoqlError as error:
            message = {"message": str(error), "errorCode": error.code}
            response = json_response([message], 400)
        except Answer as answer:
            response = answer.response
        response.headers["Sforce-Limit-Info"] = f"api-usage={state.used}/{state.limit}"
        return response

    def _answer_signed_in(self, request: Request, version: str, rest: str) -> Response:
        state = self._state
        sent = request.headers.get("Authorization") or ""
        if sent.partition(" ")[2] not in state.sessions:
            raise refuse(401, "INVALID_SESSION_ID", "Session expired or invalid")
        if state.used > state.limit:
            raise refuse(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
        if rest == "/limits":
            left = {"Max": state.limit, "Remaining": max(0, state.limit - state.used)}
            return json_response({"DailyApiRequests": left})
        if rest.startswith(("/query", "/queryAll")):
            return self._answer_query(request, version, rest)
        if rest.startswith("/sobjects"):
            return self._answer_sobjects(request, version, rest.split("/")[2:])
        raise refuse(404, "NOT_FOUND", sobjects.NOT_FOUND)

    def _schema(self, version: str) -> Schema:
        return Schema(self._state.missing_fields, version)

    def _answer_query(self, request: Request, version: str, rest: str) -> Response:
        _, kind, *more = rest.split("/")
        if kind not in ("query", "queryAll") or len(more) > 1 or request.method != "GET":
            raise refuse(404, "NOT_FOUND", sobjects.NOT_FOUND)
        if more:
            return self._answer_more(request, f"/services/data/v{version}/{kind}", more[0])
        text = request.query.get("q")
        if not text:
            raise refuse(400, "MALFORMED_QUERY", "A query string has to be specified")
        engine = Engine(self._schema(version), self._state.rows)
        total, records = engine.run(text, include_deleted=kind == "queryAll")
        if not records:
            return json_response({"totalSize": total, "done": True, "records": []})
        base = f"/services/data/v{version}/{kind}"
        return self._send_batch(request, base, records)

    def _answer_more(self, request: Request, base: str, cursor: str) -> Response:
        match = CURSOR.match(cursor)
        kept = self._state.cursors.get(match["id"]) if match else None
        if match is None or kept is None:
            raise refuse(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
        return self._send_batch(request, base, kept, (match["id"], int(match["at"])))

    def _send_batch(
        self, request: Request, base: str, records: list[Row], cursor: tuple[str, int] = ("", 0)
    ) -> Response:
        name, at = cursor
        end = at + _read_batch_size(request)
        done = end >= len(records)
        answer: Row = {"totalSize": len(records), "done": done}
        if not done:
            name = name or f"01gSb{secrets.token_hex(6)}"
            self._state.cursors[name] = records
            answer["nextRecordsUrl"] = f"{base}/{name}-{end}"
        return json_response(answer | {"records": records[at:end]})

    def _answer_sobjects(self, request: Request, version: str, parts: list[str]) -> Response:
        state, schema = self._state, self._schema(version)
        values = _read_values(request)
        match (request.method, parts):
            case ("GET", []):
                return sobjects.list_objects(version)
            case ("GET", [name, "describe"]):
                return sobjects.describe_object(schema, name)
            case ("GET", [name, row_id]):
                wanted = str(request.query.get("fields", ""))
                return sobjects.read_record(state, schema, name, row_id, wanted)
            case ("PATCH", [name, row_id]):
                return sobjects.update_record(state, schema, name, row_id, values)
            case ("PATCH", [name, field, key]):
                return sobjects.upsert_record(state, schema, name, (field, key), values)
        raise refuse(404, "NOT_FOUND", sobjects.NOT_FOUND)

    def _show_page(self, row_id: str) -> Response:
        """What a person sees who follows a link to a record."""
        row_id = lengthen_id(row_id)
        name = next((n for n in OBJECTS if row_id in self._state.rows.get(n, {})), None)
        if name is None:
            return self._show_missing()
        row = self._state.rows[name][row_id]
        facts = "".join(
            f"<dt>{escape(k)}</dt><dd>{escape(str(v))}</dd>" for k, v in row.items() if v
        )
        lists = ""
        if name == "Account":
            account = show_account(self._state, row)
            lists = _show_list("Contacts", account["contacts"], "email")
            lists += _show_list("Opportunities", account["opportunities"], "net_arr")
        title = f"{row.get('Name', row_id)} ({name})"
        return html_response(wrap_page(title, f"<h1>{escape(title)}</h1><dl>{facts}</dl>{lists}"))

    def _show_missing(self) -> Response:
        return html_response(wrap_page("Not found", "<h1>URL No Longer Exists</h1>"), 404)


def _show_list(title: str, rows: list[Row], key: str) -> str:
    items = "".join(f"<li>{escape(row['name'])}: {escape(str(row[key]))}</li>" for row in rows)
    return f"<h2>{title}</h2><ul>{items}</ul>"


def _read_batch_size(request: Request) -> int:
    match = re.search(r"batchSize=(\d+)", request.headers.get("Sforce-Query-Options") or "")
    return min(LARGEST_BATCH, max(1, int(match[1]))) if match else LARGEST_BATCH


def _read_values(request: Request) -> Row:
    try:
        return request.form
    except (ValueError, UnicodeDecodeError):
        raise refuse(400, "JSON_PARSER_ERROR", "Unexpected character in the body") from None
