"""Puts the three servers together and fills them."""

from dataclasses import dataclass
from pathlib import Path

from portal.sandbox.control import ControlService
from portal.sandbox.gitlab.api import GitLabService
from portal.sandbox.gitlab.desk import Desk
from portal.sandbox.gitlab.issue_lists import read_order
from portal.sandbox.gitlab.webhooks import WebhookSender
from portal.sandbox.hub import Hub
from portal.sandbox.salesforce.api import SalesforceService
from portal.sandbox.salesforce.records import seed_currencies, seed_login
from portal.sandbox.seed import add_site_hook, seed_basics
from portal.sandbox.server import Server, Service
from portal.sandbox.state import State
from portal.sandbox.world import load_all

KEPT_ORDERS = ("created_at", "updated_at", "id")
CONSUMER = "sandbox-consumer"


@dataclass(frozen=True, slots=True)
class Options:
    """What the starter asked for; ports of 0 mean a free one."""

    gitlab_port: int = 0
    salesforce_port: int = 0
    control_port: int = 0
    world: bool = False
    tracker: Path | None = None
    excluded: frozenset[str] = frozenset()
    site_webhook: str = ""
    webhook_secret: str = ""
    public_key: str = ""


class Sandbox:
    """The running servers. `fill` is also what a reset does."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.hub = Hub(State())
        self.webhooks = WebhookSender(self.hub)
        self.desk = Desk(self.hub, self.webhooks)
        if options.public_key:
            self.hub.state.salesforce.keys[CONSUMER] = options.public_key

    def fill(self, *, world: bool, tracker: bool) -> None:
        """Forget everything and fill anew. Faults go, gates open, the event log is emptied."""
        hub, options = self.hub, self.options
        with hub.state.lock:
            hub.state.clear()
            seed_basics(hub.state)
            seed_login(hub.state.salesforce)
            seed_currencies(hub.state.salesforce)
            load_all(
                self.desk,
                world=world,
                tracker=options.tracker if tracker else None,
                excluded=options.excluded,
            )
            for project in hub.state.gitlab.projects.values():
                for order in KEPT_ORDERS:
                    read_order(project, order)
            if options.site_webhook:
                add_site_hook(hub.state, options.site_webhook, options.webhook_secret)
        hub.faults.clear()
        hub.gates.open_all()
        self.webhooks.drop_kept_back()
        hub.events.clear()

    def start(self) -> dict[str, str]:
        """Bind, fill, serve; returns the three addresses."""
        options, hub = self.options, self.hub
        services: dict[str, tuple[int, Service]] = {
            "gitlab": (options.gitlab_port, GitLabService(hub, self.desk)),
            "salesforce": (options.salesforce_port, SalesforceService(hub)),
            "control": (options.control_port, ControlService(self)),
        }
        servers = {name: Server(port, service, hub) for name, (port, service) in services.items()}
        hub.addresses.update({name: server.url for name, server in servers.items()})
        self.fill(world=options.world, tracker=True)
        for server in servers.values():
            server.start()
        return dict(hub.addresses)
