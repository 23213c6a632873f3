"""Writing demand rows: only those that differ."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from intake.domain.demand import DemandRow
from intake.models import Demand

Key = tuple[str, int | None]  # kind, opportunity
FIGURES = ("points", "value", "pilot_urgency", "severity")


def store_demand(wanted: Mapping[int, Sequence[DemandRow]]) -> set[int]:
    """`wanted` by link; the caller holds the links' rows. Returns the links that differ."""
    known: dict[int, dict[Key, Demand]] = defaultdict(dict)
    for demand in Demand.objects.filter(link__in=wanted):
        known[demand.link_id][demand.kind, demand.opportunity_id] = demand
    gone: list[Demand] = []
    fresh: list[Demand] = []
    differing: list[Demand] = []
    for link, rows in wanted.items():
        named = {(str(row.kind), row.opportunity): row for row in rows}
        gone += [demand for key, demand in known[link].items() if key not in named]
        for key, row in named.items():
            held = known[link].get(key)
            if held is None:
                fresh.append(_copy(row, Demand(link_id=link, opportunity_id=row.opportunity)))
            elif _figures(held) != _figures(row):
                differing.append(_copy(row, held))
    if gone:
        Demand.objects.filter(pk__in=[demand.pk for demand in gone]).delete()
    Demand.objects.bulk_create(fresh, batch_size=500)
    Demand.objects.bulk_update(differing, FIGURES, batch_size=200)
    return {demand.link_id for demand in [*gone, *fresh, *differing]}


def _figures(row: Demand | DemandRow) -> tuple[int, int, int, str]:
    return row.points, row.value, row.pilot_urgency, row.severity


def _copy(row: DemandRow, demand: Demand) -> Demand:
    demand.kind = row.kind
    demand.points, demand.value, demand.pilot_urgency, demand.severity = _figures(row)
    return demand
