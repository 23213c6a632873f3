"""Finding an issue by what a person has at hand: its number, its address, or words."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q

from intake.domain.plain_text import find_hidden, make_regular
from intake.domain.salesforce_link import find_salesforce_links, is_opportunity_link
from intake.matching.errors import IndexUnavailable
from intake.matching.records import Query
from intake.models import Issue
from intake.selectors.finder import get_finder
from portal.models import Account, User
from portal.selectors.accounts import visible_accounts

FOUND_LIMIT = 8
_NUMBER = re.compile(r"[#!]?(\d{1,18})")
_PATH = re.compile(r"/(.+?)(?:/-)?/(?:issues|work_items)/(\d{1,18})/?$")


def find_issues(typed: str) -> list[Issue]:
    """Best first, at most eight; mirrored issues only, hidden ones too."""
    text = make_regular(typed)
    if not text or find_hidden(text):
        return []
    known = Issue.objects.filter(is_gone=False).select_related("project")
    if number := _NUMBER.fullmatch(text):
        return list(known.filter(iid=int(number.group(1))).order_by("project__path")[:FOUND_LIMIT])
    if text.startswith(("https://", "http://")):
        return _find_by_address(text)
    return _find_by_words(text)


def _find_by_address(url: str) -> list[Issue]:
    try:
        parts = urlsplit(url)
        found = _PATH.fullmatch(parts.path)
    except ValueError:  # brackets that are no address
        return []
    if found is None:
        return []
    path, iid = found.groups()
    return list(
        Issue.objects.filter(
            iid=int(iid),
            project__path__iexact=path,
            project__instance__in=[parts.netloc, parts.hostname],
        ).select_related("project")
    )


def _find_by_words(text: str) -> list[Issue]:
    """By the duplicate finder; while the index is away, by the words of the title."""
    try:
        matches = get_finder().find(Query(title=text), limit=FOUND_LIMIT)
    except IndexUnavailable:
        titled = Issue.objects.filter(is_gone=False).select_related("project")
        for word in text.split()[:8]:
            titled = titled.filter(title__icontains=word)
        return list(titled.order_by("-updated_at")[:FOUND_LIMIT])
    issues = Issue.objects.select_related("project").in_bulk([match.key for match in matches])
    return [issues[match.key] for match in matches if match.key in issues]


OPPORTUNITY_HINT = "This is an opportunity link: paste the account link."


def hint_at_account(typed: str) -> str:
    """What to do about a link that is not an account's; empty when there is nothing to say."""
    text = make_regular(typed)
    is_deal = is_opportunity_link(text, hosts=settings.SALESFORCE_HOSTS)
    return OPPORTUNITY_HINT if is_deal else ""


def find_accounts(typed: str, *, reader: User) -> list[Account]:
    """By part of the name, an e-mail domain, the Salesforce id or a Salesforce link; at most eight
    of those that exist for the reader. A link to an opportunity leads to its account."""
    text = make_regular(typed)
    if len(text) < 2 or find_hidden(text):
        return []
    known = visible_accounts(reader).select_related("tam")
    if link := next(find_salesforce_links(text, hosts=settings.SALESFORCE_HOSTS), None):
        named = Q(salesforce_id=link.id18) | Q(opportunities__salesforce_id=link.id18)
        return list(known.filter(named).distinct()[:FOUND_LIMIT])
    by_name = known.filter(name__icontains=text)
    by_key = known.filter(domains__domain=text.rpartition("@")[2].lower()) | known.filter(
        salesforce_id__startswith=text[:15]
    )
    return list((by_name | by_key).distinct().order_by("name")[:FOUND_LIMIT])
