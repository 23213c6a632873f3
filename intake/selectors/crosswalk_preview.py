"""What a new version of the crosswalk would change, before it is saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Max, QuerySet, Value, When
from django.db.models.functions import Abs, Coalesce

from intake.domain.crosswalk_change import CrosswalkLine, compare_crosswalks
from intake.domain.demand import Crosswalk, read_crosswalk_table
from intake.models import CrosswalkVersion, NoteState, Submission

MOST_MOVERS = 20

Table = Mapping[str, Mapping[str, int | str]]


@dataclass(frozen=True, slots=True)
class Mover:
    """A customer link and its points: the highest among its open requests."""

    link: int
    issue: str
    title: str
    account: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class CrosswalkPreview:
    """`requests` and `links` whose priority points change; `notes` of ours in GitLab that would be
    written again. What a TAM set, and labels set by hand in GitLab, stay as they are."""

    lines: Sequence[CrosswalkLine]
    requests: int
    links: int
    notes: int
    movers: Sequence[Mover]

    @property
    def is_changed(self) -> bool:
        return any(line.is_changed for line in self.lines)


def preview_crosswalk(table: Table) -> CrosswalkPreview:
    """In a fixed number of queries, however many links there are."""
    newest = CrosswalkVersion.objects.order_by("-number")[0]
    before, after = read_crosswalk_table(newest.table), read_crosswalk_table(table)
    tied = Submission.objects.open().filter(link__isnull=False).order_by()
    weighed = tied.annotate(before=_points(before), after=_points(after))
    links = (
        weighed.values("link")
        .annotate(old=Max("before"), new=Max("after"))
        .exclude(old=F("new"))
        .annotate(gap=Abs(F("new") - F("old")))
    )
    answered = Submission.objects.open().order_by().values_list("urgency")
    return CrosswalkPreview(
        lines=compare_crosswalks(before, after, dict(answered.annotate(Count("pk")))),
        requests=weighed.exclude(before=F("after")).count(),
        links=links.count(),
        notes=links.filter(link__note_state=NoteState.POSTED).count(),
        movers=_list_movers(links),
    )


def _points(crosswalk: Crosswalk) -> Coalesce:
    """A TAM's override, the label set by hand, the answer: as `decide_points` says."""
    answers = [When(urgency=urgency, then=Value(row.points)) for urgency, row in crosswalk.items()]
    answer = Case(*answers, default=Value(1), output_field=IntegerField())
    return Coalesce("points_override", "link__hand_set_points", answer)


def _list_movers(links: "QuerySet[Any, Any]") -> list[Mover]:
    rows = links.order_by("-gap", F("link__account__arr").desc(nulls_last=True), "link")
    return [
        Mover(link, f"#{iid}", title, account, old, new)
        for link, iid, title, account, old, new in rows.values_list(
            "link", "link__issue__iid", "link__issue__title", "link__account__name", "old", "new"
        )[:MOST_MOVERS]
    ]
