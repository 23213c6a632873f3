"""`make bench`: what each customer page costs, beside a trivial view in the same run.

Every figure is taken through the WSGI application with its whole middleware, in this process:
queries are counted at the connection, CPU time is the process's own. Other work on the machine
only ever adds to it, so the goal is held against the tenth percentile of many rounds; the median
stands beside it. The same pages are read with ten times the rows: a query count that grows is a
failure, as is a goal missed.
"""

import io
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connection  # noqa: E402
from django.middleware.csrf import _get_new_csrf_string  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from intake.models import (  # noqa: E402
    Candidate,
    CustomerLink,
    Demand,
    Event,
    Follower,
    Issue,
    Project,
    Submission,
)
from portal.models import Account, Membership, User  # noqa: E402
from portal.wsgi import application  # noqa: E402

PAGE_QUERIES, PAGE_CPU_MS, POST_CPU_MS = 8, 10.0, 15.0
ROUNDS = 150
FEW, MANY = 20, 200


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    size: int


class Browser:
    """Requests of one signed-in person, straight into the WSGI application."""

    def __init__(self, application: Callable[..., Any], user: User) -> None:
        self.application = application
        self.csrf = _get_new_csrf_string()
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        self.cookies = (
            f"{settings.SESSION_COOKIE_NAME}={session.session_key}; "
            f"{settings.CSRF_COOKIE_NAME}={self.csrf}"
        )

    def ask(self, path: str, fields: dict[str, str] | None = None) -> Answer:
        body = urlencode(fields | {"csrfmiddlewaretoken": self.csrf}).encode() if fields else b""
        path, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": "POST" if fields else "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "127.0.0.1",
            "HTTP_ORIGIN": settings.SITE_URL,
            "HTTP_COOKIE": self.cookies,
            "HTTP_ACCEPT_ENCODING": "gzip",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
            "wsgi.version": (1, 0),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        statuses: list[int] = []
        response = self.application(
            environ, lambda status, headers: statuses.append(int(status.split()[0]))
        )
        size = sum(len(chunk) for chunk in response)
        response.close()
        return Answer(statuses[0], size)


@dataclass(frozen=True, slots=True)
class Cost:
    queries: int
    cpu_ms: float  # tenth percentile
    median_ms: float
    size: int


def measure(ask: Callable[[], Answer], *, status: int) -> Cost:
    """Queries and bytes of one request, CPU milliseconds of many."""
    for _ in range(5):  # templates compiled, connections made
        assert ask().status == status, f"answered {ask().status}, not {status}"
    with CaptureQueriesContext(connection) as captured:
        answer = ask()
    queries = len(captured)  # now: the next request forgets them
    times = []
    for _ in range(ROUNDS):
        started = time.process_time()
        ask()
        times.append((time.process_time() - started) * 1000)
    tenth = statistics.quantiles(times, n=10)[0]
    return Cost(queries, tenth, statistics.median(times), answer.size)


@contextmanager
def scratch_database() -> Iterator[None]:
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def make_people() -> tuple[User, Account]:
    account = Account.objects.create(
        salesforce_id="001D000000IqhSLIAZ", name="Northwind", refreshed_at=timezone.now()
    )
    users = [User.objects.create_user(f"person{i}@northwind.example") for i in range(12)]
    for user in users:
        Membership.objects.create(user=user, account=account, basis=Membership.Basis.STAFF)
    return users[0], account


def make_rows(user: User, account: Account, count: int) -> Submission:
    """`count` requests with issues, links and followers; the first has a history as long."""
    now = timezone.now()
    project, _ = Project.objects.get_or_create(
        instance="gitlab.example", project_id=1, defaults={"path": "a/b", "is_public": True}
    )
    first = Issue.objects.count() + 1
    issues = Issue.objects.bulk_create(
        Issue(
            project=project,
            iid=first + i,
            gitlab_id=first + i,
            title=f"Issue {i}",
            web_url="https://gitlab.example/a/b",
            milestone="17.3",
            created_at=now,
            updated_at=now,
            mirrored_at=now,
            changed_at=now,
        )
        for i in range(count)
    )
    submissions = Submission.objects.bulk_create(
        Submission(
            form_token=uuid4(),
            submitter=user,
            account=account,
            summary=f"Request {i}",
            problem="Something is missing.",
            urgency="blocker",
            intent="retain",
            decision="joined",
            decided_at=now,
            decided_by_kind="rule",
            public_state=("scheduled", "waiting_for_you", "shipped", "not_planned")[i % 4],
            release="17.3",
            first_told_at={"joined": now.isoformat(), "scheduled": now.isoformat()},
            issue=issue,
            answer_by=now + timedelta(days=1),
            created_at=now,
            updated_at=now,
            last_word_at=now,
        )
        for i, issue in enumerate(issues)
    )
    links = CustomerLink.objects.bulk_create(
        CustomerLink(issue=issue, account=account) for issue in issues
    )
    Demand.objects.bulk_create(Demand(link=link, kind="retention", points=7) for link in links)
    Follower.objects.bulk_create(Follower(submission=row, user=user) for row in submissions)
    shown = submissions[0]
    Event.objects.bulk_create(
        Event(
            submission=shown,
            kind="progressed",
            at=now,
            facts={"state": "scheduled", "release": "17.3"},
            is_public=True,
        )
        for _ in range(count)
    )
    Candidate.objects.bulk_create(
        Candidate(submission=shown, issue=issue, rank=rank, score=0.5, verdict="likely")
        for rank, issue in enumerate(issues[:10])
    )
    return shown


def read_pages(browser: Browser, shown: Submission) -> dict[str, Cost]:
    base = f"/requests/{shown.token}/"
    pages = {
        "My requests": "/",
        "Request form": "/requests/new/",
        "Received": f"{base}received/",
        "Status page": base,
        "Edit": f"{base}edit/",
    }
    return {
        name: measure(lambda path=path: browser.ask(path), status=200)
        for name, path in pages.items()
    }


def request_fields() -> dict[str, str]:
    """Never twice the same words: those would be recognised, and cost less."""
    return {
        "form_token": str(uuid4()),
        "kind": "change",
        "summary": f"Stop unreviewed changes to our payment code {uuid4().hex[:8]}",
        "problem": "Anybody can merge a change to the payment folder without its owners.",
        "urgency": "nice_to_have",
        "intent": "retain",
        "action": "send",
    }


def report(name: str, cost: Cost, goal_queries: int | None, goal_ms: float | None) -> bool:
    is_met = (goal_queries is None or cost.queries <= goal_queries) and (
        goal_ms is None or cost.cpu_ms <= goal_ms
    )
    goal = f"≤ {goal_queries or '–'} queries, ≤ {goal_ms} ms" if goal_ms else "for scale"
    print(
        f"{name:24}{cost.queries:>8}{cost.cpu_ms:>8.2f}{cost.median_ms:>8.2f}"
        f"{cost.size / 1024:>8.1f}  {goal}"
        f"{'' if is_met else '  MISSED'}"
    )
    return is_met


def main() -> int:
    with scratch_database():
        user, account = make_people()
        browser = Browser(application, user)
        shown = make_rows(user, account, FEW)
        few = read_pages(browser, shown)
        shown = make_rows(user, account, MANY)
        many = read_pages(browser, shown)
        trivial = measure(lambda: browser.ask("/healthz"), status=200)
        post = measure(lambda: browser.ask("/requests/new/", request_fields()), status=302)
    heads = f"{'queries':>8}{'CPU ms':>8}{'median':>8}{'kB':>8}"
    print(f"{'page':24}{heads}  goal   ({connection.vendor})")
    met = [report("Trivial view (healthz)", trivial, None, None)]
    met += [report(name, cost, PAGE_QUERIES, PAGE_CPU_MS) for name, cost in many.items()]
    met.append(report("Send a request (POST)", post, None, POST_CPU_MS))
    grown = [name for name in few if many[name].queries > few[name].queries]
    print(f"Query counts that grow from {FEW} to {MANY} more rows: {', '.join(grown) or 'none'}")
    return 0 if all(met) and not grown else 1


if __name__ == "__main__":
    sys.exit(main())
