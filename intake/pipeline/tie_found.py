"""Links that people left in GitLab become customer links, and vanish again with them.

Nothing is written to GitLab for them. A link that a request holds as well keeps its own note, or
gets one once the person's is gone. Call this inside the transaction that changed what was found.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db.models import F, Q

from intake.domain.found_links import Standing
from intake.models import CustomerLink, FoundLink, Issue, NoteState, Submission
from intake.selectors.found_links import Pair, read_standings

BY_PEOPLE = frozenset({NoteState.FOUND, NoteState.IN_ISSUE})
OVER = frozenset({NoteState.REMOVED, NoteState.DELETED})
NOT_HERE: dict[str, Any] = {"note_id": None, "is_note_internal": None}


def tie_found(issues: Collection[int], *, now: datetime) -> None:
    """Bring the customer links of these issues, and of those they went on to, in line with what
    was found; their demand is to be counted again."""
    places = set(issues) | _find_homes(issues) | _move(issues)
    lock_issues(places)
    standings = read_standings(places)
    links = _read_links(places, standings)
    held: set[int | None] = set(
        Submission.objects.open()
        .filter(link__in=[link.pk for link in links.values()])
        .values_list("link_id", flat=True)
    )
    for pair, link in links.items():
        _align(link, standings.get(pair), is_held=link.pk in held, now=now)
    CustomerLink.objects.filter(pk__in=[link.pk for link in links.values()]).update(counted_with=0)
    CustomerLink.objects.bulk_create(
        [_make(pair, standings[pair], now=now) for pair in standings if pair not in links],
        ignore_conflicts=True,  # a request was tied this very moment: the next look aligns it
    )


def lock_issues(issues: Collection[int]) -> None:
    """Workers take turns at an issue's links. `no_key`: rows that merely point to these issues are
    no reason to wait, nor to wait for."""
    rows = Issue.objects.select_for_update(no_key=True).filter(pk__in=issues).order_by("pk")
    list(rows.values_list("pk"))


def describe_place(standing: Standing) -> dict[str, Any]:
    """The state of a link's note where people's links stand for it. Without a number: the link
    stands in an issue that this one continues, and none of the comments here shows it."""
    place = standing.place
    if place is None:
        return {"note_state": NoteState.FOUND, **NOT_HERE}
    if place.note_id is None:
        return {"note_state": NoteState.IN_ISSUE, **NOT_HERE}
    shown = {"note_id": place.note_id, "is_note_internal": place.is_internal}
    return {"note_state": NoteState.FOUND, **shown}


def _find_homes(issues: Collection[int]) -> set[int]:
    gone_on = Issue.objects.filter(pk__in=issues, is_closed=True, successor__isnull=False)
    return {successor for successor in gone_on.values_list("successor", flat=True) if successor}


def _move(issues: Collection[int]) -> set[int]:
    """Found links count on the issue that goes on. Returns the issues they left and came to."""
    rows = FoundLink.objects.filter(issue__in=issues)
    gone_on = Q(issue__is_closed=True, issue__successor__isnull=False)
    away = rows.filter(gone_on).exclude(counts_on=F("issue__successor"))
    home = rows.exclude(gone_on).exclude(counts_on=F("issue"))
    moves = [
        *away.values_list("pk", "counts_on", "issue__successor"),
        *home.values_list("pk", "counts_on", "issue"),
    ]
    moved: set[int] = set()
    for pk, left, came_to in moves:
        FoundLink.objects.filter(pk=pk).update(counts_on=came_to)
        moved |= {left, came_to or left}
    return moved


def _read_links(
    places: Collection[int], standings: Mapping[Pair, Standing]
) -> dict[Pair, CustomerLink]:
    """Those of which people say something, or said it before."""
    concerned = (
        Q(account__in={account for _, account in standings})
        | Q(note_state__in=BY_PEOPLE)
        | Q(hand_set_points__isnull=False)
    )
    rows = CustomerLink.objects.select_for_update(of=("self",), no_key=True)
    rows = rows.filter(concerned, issue__in=places)
    return {
        (link.issue_id, link.account_id): link
        for link in rows.select_related("issue").order_by("pk")
    }


def _align(link: CustomerLink, standing: Standing | None, *, is_held: bool, now: datetime) -> None:
    wanted = _choose_state(link, standing, is_held=is_held)
    wanted["hand_set_points"] = standing.points if standing else None
    differing = {name: value for name, value in wanted.items() if getattr(link, name) != value}
    if is_held and {"note_state", "hand_set_points"} & set(differing):
        differing["due_at"] = now  # a note of ours is to be written, or to tell another priority
    if differing:
        CustomerLink.objects.filter(pk=link.pk).update(**differing)


def _choose_state(
    link: CustomerLink, standing: Standing | None, *, is_held: bool
) -> dict[str, Any]:
    """Empty: as it is. Only where no note of ours stands in GitLab or is on its way there."""
    state = NoteState(link.note_state)
    is_shown = standing is not None and standing.place is not None
    if standing is not None and state in BY_PEOPLE | OVER and (is_shown or not is_held):
        return describe_place(standing)
    if state not in BY_PEOPLE or (standing is None and _is_unread(link)):
        return {}
    return {"note_state": NoteState.WANTED if is_held else NoteState.REMOVED, **NOT_HERE}


def _is_unread(link: CustomerLink) -> bool:
    """Adopted when a note was to be written, sooner than the comments were read."""
    is_read = link.issue.notes_read_at is not None and link.issue.notes_due_at is None
    return link.note_state == NoteState.FOUND and not is_read


def _make(pair: Pair, standing: Standing, *, now: datetime) -> CustomerLink:
    issue, account = pair
    return CustomerLink(
        issue_id=issue,
        account_id=account,
        hand_set_points=standing.points,
        demand_changed_at=now,
        **describe_place(standing),
    )
