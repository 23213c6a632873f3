"""Every page of the site, for everybody who may open it, in a real browser.

The browser reports each breach of the content policy on its console; `complaints` fails the test
for any. The other rules are ours: one heading, a language, labels, no sideways scrolling.
"""

import re
from collections import Counter, deque
from collections.abc import Iterator
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from django.urls import (
    NoReverseMatch,
    Resolver404,
    URLPattern,
    URLResolver,
    get_resolver,
    resolve,
    reverse,
)
from playwright.sync_api import Page, expect

from portal.demo.people import ADMINISTRATOR, CUSTOMER, SUBMITTER, TAM, Person
from tests.journeys.complaints import Complaints
from tests.journeys.conftest import OpenPage
from tests.journeys.page_rules import find_faults
from tests.journeys.running_portal import RunningPortal
from tests.journeys.writing import send_request

pytestmark = pytest.mark.xdist_group("journeys")

OF_A_KIND = 2  # pages of one kind that are looked at: an issue is like the next
NARROW = {"width": 360, "height": 740}
NO_PAGE = re.compile(
    r"^/(webhooks/|healthz|static/|admin/jsi18n/)|\.(csv|json)$|/similar/$|/files/\d+/$|/logout/$"
    r"|^/colleagues/\w+/$|/your-data/download/$"  # what is sent, not opened
)
NOT_THEIRS = frozenset({401, 403, 404})
LEAST = {"customer": 12, "submitter": 12, "tam": 35, "administrator": 40}


def list_plain_names(resolver: URLResolver, space: str = "") -> Iterator[str]:
    """Names of addresses that need nothing filled in."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from list_plain_names(one, inner)
        elif isinstance(one, URLPattern) and one.name:
            yield f"{space}{one.name}"


def list_plain_addresses() -> list[str]:
    found = []
    for name in dict.fromkeys(list_plain_names(get_resolver())):
        try:
            found.append(reverse(name))
        except NoReverseMatch:
            continue
    return found


def tell_kind(address: str) -> str:
    """Addresses of one kind differ in which row, which filter or which words."""
    parts = urlsplit(address)
    try:
        name = resolve(parts.path).view_name
    except Resolver404:
        name = parts.path
    keys = {"filter" if "__" in key else key for key, _ in parse_qsl(parts.query)}
    return f"{name}?{'&'.join(sorted(keys))}"


def list_links(page: Page, site: str) -> list[str]:
    hrefs = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
    urls = [urljoin(page.url, href).partition("#")[0] for href in hrefs]
    return [url.removeprefix(site) for url in urls if url.startswith(f"{site}/")]


def crawl(page: Page, site: str) -> tuple[list[str], set[str]]:
    """What is wrong with the pages, and the kinds of those that were shown."""
    listed = frozenset(list_plain_addresses())
    waiting = deque(["/", *sorted(listed - {"/"})])
    seen = set(waiting)
    kinds: Counter[str] = Counter()
    faults, shown = [], set()
    while waiting:
        address = waiting.popleft()
        kind = tell_kind(address)
        kinds[kind] += 1
        most = OF_A_KIND if kind.endswith("?") else 1
        if NO_PAGE.search(urlsplit(address).path) or "&" in kind or kinds[kind] > most:
            continue
        answer = page.goto(address)
        assert answer
        if answer.status in NOT_THEIRS and address in listed:
            continue
        if answer.status != 200:
            faults.append(f"{address} is linked and answers {answer.status}")
        faults += [f"{address}: {fault}" for fault in find_faults(page)]
        shown.add(kind)
        fresh = [link for link in list_links(page, site) if link not in seen]
        seen.update(fresh)
        waiting.extend(fresh)
    return faults, shown


@pytest.mark.parametrize(
    "person", [CUSTOMER, SUBMITTER, TAM, ADMINISTRATOR], ids=lambda one: one.role
)
def test_every_page_keeps_to_the_rules(
    person: Person, open_page: OpenPage, running: RunningPortal, complaints: Complaints
) -> None:
    complaints.ignore(r"status of (401|403|404)")  # what is not theirs is not there
    send_request(open_page(CUSTOMER), "Let a driver swap shifts with a colleague")
    page = open_page(person)
    page.set_viewport_size(NARROW)
    faults, shown = crawl(page, running.site)
    assert faults == []
    assert len(shown) >= LEAST[person.role], sorted(shown)


def test_a_breach_of_the_policy_is_heard(customer: Page, complaints: Complaints) -> None:
    complaints.expect("violates the following Content Security Policy directive")
    customer.goto("/")
    customer.evaluate("""() => {
      const script = document.createElement("script");
      script.textContent = "document.title = 'taken over'";
      document.head.append(script);
    }""")
    expect(customer).not_to_have_title("taken over")
