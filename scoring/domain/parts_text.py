"""What a score keeps of its links, as JSON values: the same text for every reader."""

from collections.abc import Mapping, Sequence
from typing import Any

from intake.domain.vocabulary import DemandKind
from scoring.domain.explanation import ExplainedLink, explain_issue
from scoring.domain.gap_ranking import GapRanks
from scoring.domain.pools import PoolKey, find_pool
from scoring.domain.priority_points import PriorityScore, count_points
from scoring.domain.records import Inputs, Key
from scoring.domain.rounding import to_plain
from scoring.domain.warning import ScoreWarning


def write_parts(score: PriorityScore) -> list[dict[str, Any]]:
    """One object for each open link; money and multiplier as text, to the cent."""
    return [_write_part(row) for row in explain_issue(score)]


def _write_part(row: ExplainedLink) -> dict[str, Any]:
    return {
        "account": row.link.account,
        "kind": str(row.link.kind),
        "opportunity": row.link.opportunity,
        "points": row.points,
        "pool_points": row.pool_points,
        "pool_money": str(row.pool_money),
        "share": str(row.share),
        "multiplier": str(row.multiplier),
        "reason": row.reason,
        "priority": str(row.priority),
    }


def read_draws(parts: Sequence[Mapping[str, Any]]) -> dict[PoolKey, tuple[int, int]]:
    """From what `write_parts` wrote: the points drawn from each pool, and all of the pool's."""
    draws: dict[PoolKey, tuple[int, int]] = {}
    for part in parts:
        kind = DemandKind(part["kind"])
        owner = part["account"] if kind == DemandKind.RETENTION else part["opportunity"]
        if owner is not None:
            draws[PoolKey(kind, owner)] = (part["points"], part["pool_points"])
    return draws


def find_draws(inputs: Inputs) -> dict[Key, dict[PoolKey, int]]:
    """The points that each issue's open links draw from each pool now; each link is there once."""
    draws: dict[Key, dict[PoolKey, int]] = {}
    for link in inputs.links:
        key = find_pool(link)
        if key and (not link.opportunity or inputs.opportunities[link.opportunity].is_open):
            draws.setdefault(link.issue, {})[key] = count_points(link)
    return draws


def write_warnings(warnings: Sequence[ScoreWarning]) -> list[dict[str, Any]]:
    return [
        {
            "kind": str(warning.kind),
            "account": warning.account,
            "opportunity": warning.opportunity,
        }
        for warning in warnings
    ]


def write_gap(ranks: GapRanks) -> dict[str, Any]:
    """The four ranks, their mean and the worst of them, as text; halves occur."""
    return {
        "mean": to_plain(ranks.mean),
        "worst": to_plain(ranks.worst),
        "ranks": {
            "impacted_arr": to_plain(ranks.impacted_arr),
            "accounts": to_plain(ranks.accounts),
            "strategic_accounts": to_plain(ranks.strategic_accounts),
            "p0_share": to_plain(ranks.p0_share),
        },
    }
