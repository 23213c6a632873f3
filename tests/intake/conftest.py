"""A request that is decided already, an issue that really is in GitLab, and a clock to move."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from celery import current_app
from django.conf import settings as real_settings
from pytest_django.fixtures import Settings

from intake.actions.submit import submit
from intake.domain.draft import SubmissionDraft
from intake.matching.embedding.model import build_model
from intake.matching.errors import IndexUnavailable
from intake.models import CustomerLink, Issue, Submission
from intake.pipeline.mirror import store_issue, store_project
from intake.pipeline.process import Tools, process
from intake.pipeline.process import settle as settle_link
from intake.selectors.finder import get_finder
from portal.domain.salesforce_id import to_18
from portal.gateways.gitlab import GitLabGateway
from portal.gateways.records import IssueKey
from portal.gateways.salesforce import SalesforceGateway
from portal.models import Account, Membership, User
from portal.sandbox.client import Fault, Sandbox
from tests.portal_fixtures import NOW

LEASE = timedelta(seconds=120)


@pytest.fixture(scope="session")
def model_directory() -> Path:
    """The model for sentence vectors, where `make test` left it."""
    directory = Path(real_settings.EMBEDDING_DIR)
    build_model(directory)
    return directory


@dataclass
class Clock:
    """Stands still until it is moved."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)

    def pass_lease(self) -> None:
        self.now += LEASE + timedelta(seconds=1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def plant_issue(sandbox: Sandbox, gitlab: GitLabGateway) -> Callable[..., Issue]:
    """An issue in the sandbox and its mirrored row."""

    def plant(title: str = "Limit approvals by path", **fields: Any) -> Issue:
        order = {"project_id": 101, "title": title, "description": "Approvals are too wide."}
        made = sandbox.seed({"issues": [order | fields]})["issues"][0]
        key = IssueKey(made["project_id"], made["iid"])
        project = store_project(gitlab.project(key.project_id), now=NOW)
        return store_issue(gitlab.issue(key), project, now=NOW)

    return plant


@pytest.fixture
def issue(plant_issue: Callable[..., Issue]) -> Issue:
    return plant_issue()


@pytest.fixture
def make_account(db: None) -> Callable[[str], Account]:
    """Another customer, with an id of its own."""
    numbers = iter(range(1, 1000))

    def make(name: str) -> Account:
        salesforce_id = to_18(f"001D000000Ab{next(numbers):03d}")
        return Account.objects.create(salesforce_id=salesforce_id, name=name, refreshed_at=NOW)

    return make


@pytest.fixture
def make_wish(maya: User, account: Account) -> Callable[..., Submission]:
    """A request that is joined with `issue` and waits for the machine."""

    def make(issue: Issue | None, **fields: Any) -> Submission:
        values: dict[str, Any] = {
            "form_token": uuid4(),
            "submitter": maya,
            "account": account,
            "summary": "Stop unreviewed changes to our payment code",
            "problem": "Anybody in the team can merge a change to the payment folder.",
            "urgency": "important",
            "intent": "retain",
            "stage": "account_resolved",
            "answer_by": NOW,
            "created_at": NOW,
            "updated_at": NOW,
            "due_at": NOW,
        }
        if issue is not None:
            values |= {"issue": issue, "decision": "joined", "decided_at": NOW}
            values |= {"decided_by_kind": "person"}
        return Submission.objects.create(**values | fields)

    return make


@dataclass
class Recipe:
    """The recipe with its tools, run on a fresh copy of the row as a worker would."""

    tools: Tools

    def __call__(self, submission: Submission, **other: Any) -> Submission:
        parts = {name: getattr(self.tools, name) for name in self.tools.__slots__}
        process(self.read(submission), Tools(**parts | other))
        return self.read(submission)

    @staticmethod
    def read(submission: Submission) -> Submission:
        return Submission.objects.get(pk=submission.pk)

    @staticmethod
    def link_of(submission: Submission) -> CustomerLink:
        link = Submission.objects.get(pk=submission.pk).link
        assert link is not None
        return link


def open_no_index() -> Any:
    raise IndexUnavailable("not needed here")


@pytest.fixture
def recipe(gitlab: GitLabGateway, salesforce: SalesforceGateway, clock: Clock) -> Recipe:
    return Recipe(Tools(open_no_index, lambda: gitlab, lambda: salesforce, clock))


@pytest.fixture
def settle(gitlab: GitLabGateway, clock: Clock) -> Callable[..., None]:
    """What the worker does for a link by itself."""
    return lambda link, gitlab=gitlab: settle_link(link, gitlab=gitlab, clock=clock)


@pytest.fixture
def refuse_once(sandbox: Sandbox) -> Callable[[], None]:
    """The next note is refused, as on an issue without a place for it."""

    def refuse() -> None:
        sandbox.add_faults(
            Fault("404", service="gitlab", method="POST", path=r"/notes$", first=2)
        )  # the internal note, and the public one

    return refuse


@pytest.fixture
def inline(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """Messages are worked on at once, in this process; the index is a test's own."""
    current_app.conf.task_always_eager = True
    settings.INDEX_DIR = tmp_path / "index"
    settings.OPERATOR_EMAILS = ["operator@larkfield.example"]
    get_finder.cache_clear()
    yield
    get_finder.cache_clear()
    current_app.conf.task_always_eager = False


@pytest.fixture
def traveller() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


@pytest.fixture
def sent(maya: User, make_draft: Callable[..., SubmissionDraft]) -> Submission:
    return submit(make_draft(links=("https://gitlab.example/a/b/-/issues/7",)), by=maya)


@pytest.fixture
def ben(make_user: Callable[..., User], account: Account) -> User:
    user = make_user("ben@northwind-freight.example", name="Ben Okafor")
    Membership.objects.create(user=user, account=account, basis=Membership.Basis.STAFF)
    return user


@pytest.fixture
def eve(make_user: Callable[..., User]) -> User:
    return make_user("eve@elsewhere.example", name="Eve")
