"""What descriptions and comments hold, kept as rows: one for each link in each text."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from intake.domain.found_links import read_text
from intake.models import FoundIn, FoundLink, Issue
from intake.pipeline.tie_found import tie_found
from intake.selectors.found_links import find_records
from portal.gateways.records import IssueRecord, NoteRecord
from portal.models import Account, Opportunity

COMPARED = ("points", "is_internal", "author_id", "author_name", "updated_at")


@dataclass(frozen=True, slots=True)
class Text:
    """A description, or the comment `note_id`, of an issue (its key)."""

    issue: int
    body: str
    author_id: int
    author_name: str
    updated_at: datetime
    note_id: int | None = None
    is_internal: bool = False


def describe_issue(issue: Issue, record: IssueRecord) -> Text:
    return Text(
        issue.pk, record.description, record.author_id, record.author_name, record.updated_at
    )


def describe_note(issue: Issue, note: NoteRecord) -> Text:
    return Text(
        issue.pk,
        note.body,
        note.author_id,
        note.author_name,
        note.updated_at,
        note_id=note.id,
        is_internal=note.is_internal,
    )


def keep_found(issues: Collection[int], source: FoundIn, texts: Iterable[Text]) -> set[int]:
    """`texts` are all of this source in these issues; returns the issues in which links differ.

    Call `tie_found` for them in the same transaction. Nothing is forgotten while no Salesforce
    address is set.
    """
    if not settings.SALESFORCE_HOSTS:
        return set()
    wanted = {_key(row): row for text in texts for row in _read(text, source)}
    known = {_key(row): row for row in FoundLink.objects.filter(issue__in=issues, source=source)}
    gone = [row for key, row in known.items() if key not in wanted]
    fresh = [row for key, row in wanted.items() if key not in known]
    differing = [
        _copy(row, known[key])
        for key, row in wanted.items()
        if key in known and _figures(row) != _figures(known[key])
    ]
    if gone:
        FoundLink.objects.filter(pk__in=[row.pk for row in gone]).delete()
    _resolve(fresh)
    FoundLink.objects.bulk_create(fresh, batch_size=500)
    FoundLink.objects.bulk_update(differing, COMPARED, batch_size=200)
    return {row.issue_id for row in [*gone, *fresh, *differing]}


def resolve_found(*, now: datetime) -> None:
    """Links of accounts and opportunities that Salesforce has told us of since they were read, and
    of opportunities that belong to another account by now."""
    unknown = FoundLink.objects.filter(account=None)
    told = Q(salesforce_id__in=Account.objects.values("salesforce_id")) | Q(
        salesforce_id__in=Opportunity.objects.values("salesforce_id")
    )
    moved = FoundLink.objects.exclude(opportunity=None).exclude(account=F("opportunity__account"))
    with transaction.atomic():
        resolved = _resolve([*unknown.filter(told), *moved])
        FoundLink.objects.bulk_update(resolved, ["account", "opportunity"], batch_size=200)
        if resolved:
            tie_found({row.issue_id for row in resolved}, now=now)


def _read(text: Text, source: FoundIn) -> Iterable[FoundLink]:
    """Unsaved rows. They count on their own issue until `tie_found` has looked."""
    found = read_text(text.body, hosts=settings.SALESFORCE_HOSTS)
    for link in found.links:
        yield FoundLink(
            issue_id=text.issue,
            counts_on_id=text.issue,
            source=source,
            note_id=text.note_id,
            is_internal=text.is_internal,
            author_id=text.author_id,
            author_name=text.author_name[:255],
            salesforce_id=link.id18,
            points=found.points,
            updated_at=text.updated_at,
        )


def _resolve(rows: Sequence[FoundLink]) -> list[FoundLink]:
    """Puts the account, and the opportunity, on those that are known; returns these."""
    records = find_records({row.salesforce_id for row in rows})
    known = [row for row in rows if row.salesforce_id in records]
    for row in known:
        row.account_id, row.opportunity_id = records[row.salesforce_id]
    return known


def _key(row: FoundLink) -> tuple[int, int | None, str]:
    return row.issue_id, row.note_id, row.salesforce_id


def _figures(row: FoundLink) -> list[object]:
    return [getattr(row, name) for name in COMPARED]


def _copy(row: FoundLink, known: FoundLink) -> FoundLink:
    for name in COMPARED:
        setattr(known, name, getattr(row, name))
    return known
