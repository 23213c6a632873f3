"""The control port: what a test or the demo tells the sandbox, as JSON over HTTP."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal.sandbox.control_acts import ACTS, find_actor, find_issue, show_issue, show_note
from portal.sandbox.faults import UnknownFault
from portal.sandbox.salesforce.records import put_account, show_account
from portal.sandbox.seed import apply_seed
from portal.sandbox.wire import Request, Response, Router, json_response

if TYPE_CHECKING:
    from portal.sandbox.assembly import Sandbox


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked: the request and the named parts of its path."""

    request: Request
    parts: dict[str, str]

    @property
    def query(self) -> dict[str, Any]:
        return self.request.query

    @property
    def form(self) -> dict[str, Any]:
        return self.request.form


FILTERS = ("kind", "phase", "service", "method", "path", "status", "request", "late", "event")
Handler = Callable[[Order], Any]
CONSUMER = "sandbox-consumer"


class ControlService:
    name = "control"
    locked = False

    def __init__(self, sandbox: "Sandbox") -> None:
        self.sandbox = sandbox
        self.hub = sandbox.hub
        self.router: Router[Handler] = Router()
        for method, template, handler in self._routes():
            self.router.add(method, template, handler)

    def _routes(self) -> list[tuple[str, str, Handler]]:
        return [
            ("GET", "/health", self.show_health),
            ("GET", "/events", self.list_events),
            ("POST", "/reset", self.reset),
            ("POST", "/seed", self.seed),
            ("GET", "/faults", lambda _: self.hub.faults.report()),
            ("POST", "/faults", self.add_faults),
            ("DELETE", "/faults", self.clear_faults),
            ("GET", "/notes", self.list_notes),
            ("GET", "/issues", self.list_issues),
            ("GET", "/issues/{project:int}/{iid:int}", self.read_issue),
            ("POST", "/issues/{project:int}/{iid:int}/{act}", self.act),
            ("GET", "/issue-ids", lambda _: self.hub.state.gitlab.imported),
            ("GET", "/accounts", self.list_accounts),
            ("PUT", "/accounts/{id}", self.put_account),
            ("DELETE", "/accounts/{id}", self.delete_account),
            ("POST", "/keys", self.register_key),
            ("POST", "/hold", self.hold),
            ("POST", "/release", self.release),
            ("GET", "/gates", self.show_gates),
            ("GET", "/webhooks", lambda _: self.hub.state.gitlab.deliveries),
            ("POST", "/webhooks/flush", self.flush_webhooks),
        ]

    def answer(self, request: Request) -> Response:
        """Whatever is wrong with an order is told in words, as 400."""
        try:
            found = self.router.find(request.method, request.path)
            if found is None:
                return json_response({"error": "no such order"}, 404)
            handler, parts = found
            return json_response(handler(Order(request, parts)))
        except (KeyError, TypeError, ValueError, UnknownFault) as error:
            return json_response({"error": f"{type(error).__name__}: {error}"}, 400)

    def show_health(self, _: Order) -> Any:
        with self.hub.state.lock:
            counts = {p.id: len(p.issues) for p in self.hub.state.gitlab.projects.values()}
            accounts = len(self.hub.state.salesforce.rows.get("Account", {}))
        seq = self.hub.events.last_seq()
        return {
            "ok": True,
            "seq": seq,
            "issues": counts,
            "accounts": accounts,
            **self.hub.addresses,
        }

    def list_events(self, order: Order) -> Any:
        query = order.query
        filters = {name: query[name] for name in FILTERS if name in query}
        wait = min(float(query.get("wait", 0)), 120.0)
        events = self.hub.events
        found = events.read(int(query.get("since", 0)), wait, filters)
        return {"events": found, "last": events.last_seq()}

    def reset(self, order: Order) -> Any:
        seed = order.form.get("seed", "empty")
        if seed not in ("empty", "world", "start"):
            raise ValueError(f"unknown seed {seed!r}")
        started_with_world = seed == "start" and self.sandbox.options.world
        self.sandbox.fill(world=seed == "world" or started_with_world, tracker=seed == "start")
        return {"last": self.hub.events.last_seq()}

    def seed(self, order: Order) -> Any:
        with self.hub.state.lock:
            return apply_seed(self.sandbox.desk, order.form)

    def add_faults(self, order: Order) -> Any:
        orders = json.loads(order.request.body)
        return {"ids": self.hub.faults.add(orders if isinstance(orders, list) else [orders])}

    def clear_faults(self, _: Order) -> Any:
        self.hub.faults.clear()
        return {}

    def list_notes(self, order: Order) -> Any:
        query, state = order.query, self.hub.state
        with state.lock:
            shown = [show_note(state.gitlab, note) for note in state.gitlab.note_ids.values()]
        for name in ("project_id", "iid", "author"):
            if name in query:
                shown = [note for note in shown if str(note[name]) == query[name]]
        return shown

    def list_issues(self, order: Order) -> Any:
        wanted, state = order.query.get("project_id"), self.hub.state
        with state.lock:
            return [
                show_issue(self.hub, issue)
                for project in state.gitlab.projects.values()
                for issue in project.issues.values()
                if wanted in (None, str(project.id))
            ]

    def read_issue(self, order: Order) -> Any:
        with self.hub.state.lock:
            return show_issue(self.hub, find_issue(self.hub, order.parts))

    def act(self, order: Order) -> Any:
        """A person does something in GitLab."""
        act = ACTS.get(order.parts["act"])
        if act is None:
            raise ValueError(f"unknown act {order.parts['act']!r}")
        with self.hub.state.lock:
            form = order.form
            issue = find_issue(self.hub, order.parts)
            return act(self.sandbox.desk, issue, find_actor(self.hub, form), form)

    def list_accounts(self, _: Order) -> Any:
        salesforce = self.hub.state.salesforce
        with self.hub.state.lock:
            return [
                show_account(salesforce, row) for row in salesforce.rows.get("Account", {}).values()
            ]

    def put_account(self, order: Order) -> Any:
        salesforce = self.hub.state.salesforce
        with self.hub.state.lock:
            row_id = put_account(salesforce, {**order.form, "id18": order.parts["id"]})
            return show_account(salesforce, salesforce.rows["Account"][row_id])

    def delete_account(self, order: Order) -> Any:
        """To the recycle bin: gone from queries, there for queryAll."""
        with self.hub.state.lock:
            rows = self.hub.state.salesforce.rows.get("Account", {})
            put_account(
                self.hub.state.salesforce,
                {"id18": rows[order.parts["id"]]["Id"], "is_deleted": True},
            )
        return {}

    def register_key(self, order: Order) -> Any:
        form = order.form
        self.hub.state.salesforce.keys[form.get("consumer", CONSUMER)] = form["pem"]
        return {}

    def hold(self, order: Order) -> Any:
        self.hub.gates.close(order.form["name"])
        return self.hub.gates.report()

    def release(self, order: Order) -> Any:
        self.hub.gates.open(order.form["name"])
        return self.hub.gates.report()

    def show_gates(self, order: Order) -> Any:
        query = order.query
        if "name" in query:
            self.hub.gates.wait_held(query["name"], min(float(query.get("wait", 0)), 120.0))
        return self.hub.gates.report()

    def flush_webhooks(self, order: Order) -> Any:
        return {"idle": self.sandbox.webhooks.flush(float(order.form.get("wait", 5)))}
