"""A handle on a running sandbox: the control port's orders as methods."""

import json
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlencode

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """One order of trouble; see `portal.sandbox.faults` for the names and their parameters."""

    fault: str
    service: str | None = None
    method: str | None = None
    path: str | None = None
    query: str | None = None
    nth: int | None = None
    first: int | None = None
    every: int | None = None
    between: tuple[int, int] | None = None
    parameters: dict[str, Any] = field(default_factory=dict)


class SandboxError(Exception):
    """The control port refused an order, or the sandbox is not there."""


class Sandbox:
    """Talks to the control port of a sandbox that runs elsewhere."""

    def __init__(self, gitlab_url: str, salesforce_url: str, control_url: str) -> None:
        self.gitlab_url = gitlab_url
        self.salesforce_url = salesforce_url
        self.control_url = control_url
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def _call(
        self, method: str, path: str, /, body: Any = None, timeout: float = 30.0, **query: Any
    ) -> Any:
        asked = urlencode({k: v for k, v in query.items() if v is not None})
        url = f"{self.control_url}{path}" + (f"?{asked}" if asked else "")
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        # The address is the one the process printed: http on loopback.
        request = urllib.request.Request(  # noqa: S310
            url, data, headers, method=method
        )
        try:
            with self._opener.open(request, timeout=timeout) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise SandboxError(f"{method} {path}: {error.read().decode()}") from error
        except OSError as error:
            raise SandboxError(f"{method} {path}: {error}") from error

    def health(self) -> Record:
        found: Record = self._call("GET", "/health")
        return found

    def reset(self, *, world: bool = False, seed: str = "") -> None:
        """Empty, the demo world, or (`seed="start"`) as the process was started."""
        self._call("POST", "/reset", {"seed": seed or ("world" if world else "empty")})

    def seed(self, order: Record) -> Record:
        made: Record = self._call("POST", "/seed", order)
        return made

    def add_faults(self, *faults: Fault) -> list[int]:
        ids: list[int] = self._call("POST", "/faults", [asdict(fault) for fault in faults])["ids"]
        return ids

    def clear_faults(self) -> None:
        self._call("DELETE", "/faults")

    def fault_counts(self) -> list[Record]:
        """Every standing fault with how many requests it has `seen`."""
        found: list[Record] = self._call("GET", "/faults")
        return found

    def events(self, since: int = 0, wait: float = 0.0, **filters: Any) -> list[Record]:
        """Matching events after `since`; waits up to `wait` seconds for the first."""
        asked = {"since": since, "wait": wait, **filters}
        found: list[Record] = self._call("GET", "/events", timeout=wait + 30, **asked)["events"]
        return found

    def wait_for(self, since: int = 0, wait: float = 60.0, **filters: Any) -> Record:
        """The first matching event. Raises TimeoutError."""
        found = self.events(since, wait, **filters)
        if not found:
            raise TimeoutError(f"no event {filters} within {wait} s")
        return found[0]

    def last_seq(self) -> int:
        return int(self.health()["seq"])

    def notes(
        self,
        project_id: int | None = None,
        iid: int | None = None,
        *,
        author: str | None = None,
        system: bool = False,
        deleted: bool = True,
    ) -> list[Record]:
        """All notes, oldest first; system notes only when asked for, deleted ones unless not."""
        found = self._call("GET", "/notes", project_id=project_id, iid=iid, author=author)
        kept = [note for note in found if system or not note["system"]]
        return [note for note in kept if deleted or not note["deleted"]]

    def issues(self, project_id: int | None = None) -> list[Record]:
        found: list[Record] = self._call("GET", "/issues", project_id=project_id)
        return found

    def issue(self, project_id: int, iid: int) -> Record:
        found: Record = self._call("GET", f"/issues/{project_id}/{iid}")
        return found

    def issue_ids(self) -> dict[str, int]:
        """The tracker's own ids → iid in the imported project."""
        found: dict[str, int] = self._call("GET", "/issue-ids")
        return found

    def act(self, project_id: int, iid: int, act: str, **order: Any) -> Record:
        """A person does something to an issue: note, labels, close, move, duplicate …"""
        done: Record = self._call("POST", f"/issues/{project_id}/{iid}/{act}", order)
        return done

    def accounts(self) -> list[Record]:
        found: list[Record] = self._call("GET", "/accounts")
        return found

    def put_account(self, **order: Any) -> Record:
        """In the world's shape; needs `id18`. Keys left out stay as they are."""
        made: Record = self._call("PUT", f"/accounts/{order['id18']}", order)
        return made

    def delete_account(self, id18: str) -> None:
        self._call("DELETE", f"/accounts/{id18}")

    def register_key(self, pem: str, consumer: str = "sandbox-consumer") -> None:
        self._call("POST", "/keys", {"pem": pem, "consumer": consumer})

    def hold(self, name: str) -> None:
        """Close a gate: requests with a `hold` fault that names it wait there."""
        self._call("POST", "/hold", {"name": name})

    def release(self, name: str) -> None:
        self._call("POST", "/release", {"name": name})

    def wait_held(self, name: str, wait: float = 60.0) -> int:
        """How many requests the gate holds, once there is one. Raises TimeoutError."""
        gates = self._call("GET", "/gates", timeout=wait + 30, name=name, wait=wait)
        held = int(gates["held"].get(name, 0))
        if not held:
            raise TimeoutError(f"nothing held at {name!r} within {wait} s")
        return held

    def webhooks(self) -> list[Record]:
        found: list[Record] = self._call("GET", "/webhooks")
        return found

    def flush_webhooks(self, wait: float = 60.0) -> None:
        """Until every webhook is delivered. Raises TimeoutError."""
        done = self._call("POST", "/webhooks/flush", {"wait": wait}, timeout=wait + 30)
        if not done["idle"]:
            raise TimeoutError(f"webhooks still on their way after {wait} s")
