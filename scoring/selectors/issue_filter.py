"""Which issues a list shows. The fields are named as in the list's address, where they are kept."""

import json
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from portal.models import User
from portal.selectors.accounts import of_visible_accounts, visible_accounts
from scoring.models import IssueScore
from scoring.selectors.account_filter import WITHOUT, describe_accounts, find_open_links

FEW_ACCOUNTS = 300  # up to here it pays to go from accounts to issues (SQLite, 200,000 links)


@dataclass(frozen=True, slots=True)
class IssueFilter:
    """Empty: whatever it is.

    `text` is looked for in the title; also #12, or an issue's address. `area` is a key of the
    product file. The second half is about who asks: an issue is shown when one account that fits
    all of it, and exists for the reader, has an open link there. `tam` is a person's key, "me",
    "-" for accounts without one, or a name as Salesforce spells it; `account` a Salesforce id, or
    part of a name; `since` and `until` the days, both included, between which it was linked.
    """

    text: str = ""
    area: str = ""
    group: str = ""
    type: str = ""
    theme: str = ""
    only: str = ""  # "ranked", or "unranked": those that lack a weight or another figure
    health: str = ""
    segment: str = ""
    tam: str = ""
    account: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def is_about_accounts(self) -> bool:
        return any((self.health, self.segment, self.tam, self.account))

    @property
    def is_about_customers(self) -> bool:
        return self.is_about_accounts or any((self.since, self.until))


def narrow_scores(chosen: IssueFilter, *, reader: User) -> QuerySet[IssueScore]:
    """A filter about accounts costs one small query here: which way round is cheaper."""
    scores = _narrow_by_issue(chosen)
    if not chosen.is_about_customers:
        return scores
    links = find_open_links(chosen.since, chosen.until)
    if chosen.is_about_accounts:
        accounts = visible_accounts(reader).filter(_who(chosen, reader)).order_by()
        few = list(accounts.values_list("pk", flat=True)[: FEW_ACCOUNTS + 1])
        if len(few) <= FEW_ACCOUNTS:
            return scores.filter(issue__in=links.filter(account__in=few).values("issue"))
        links = of_visible_accounts(links, reader).filter(_who(chosen, reader, at="account__"))
    return scores.filter(Exists(links.filter(issue=OuterRef("issue"))))


def _who(chosen: IssueFilter, reader: User, at: str = "") -> Q:
    return describe_accounts(
        health=chosen.health,
        segment=chosen.segment,
        tam=chosen.tam,
        account=chosen.account,
        reader=reader,
        at=at,
    )


def _narrow_by_issue(chosen: IssueFilter) -> QuerySet[IssueScore]:
    wanted = Q()
    for name in ("area", "group", "type"):
        if value := getattr(chosen, name):
            wanted &= Q(**{name: "" if value == WITHOUT else value})
    if chosen.only:
        wanted &= Q(rank__isnull=chosen.only == "unranked")
    if chosen.text:
        wanted &= _says(chosen.text)
    scores = IssueScore.objects.filter(wanted)
    return _with_theme(scores, chosen.theme) if chosen.theme else scores


def _says(text: str) -> Q:
    found = Q(issue__title__icontains=text) | Q(issue__web_url=text)
    number = text.removeprefix("#")
    if number.isascii() and number.isdigit() and len(number) < 10:
        found |= Q(issue__iid=int(number))
    return found


def _with_theme(scores: QuerySet[IssueScore], theme: str) -> QuerySet[IssueScore]:
    spelled = Q()
    for is_ascii in (True, False):  # one database keeps é as it is, the other as \u00e9
        spelled |= Q(themes_text__contains=json.dumps(theme, ensure_ascii=is_ascii))
    return scores.annotate(themes_text=Cast("themes", TextField())).filter(spelled)
