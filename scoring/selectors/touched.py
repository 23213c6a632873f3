"""What a change touches: its own issues, and all that share a pool with them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from scoring.domain.computed import Computed
from scoring.domain.gap_ranking import count_figures
from scoring.domain.parts_text import find_draws
from scoring.domain.pools import Pool, PoolKey, find_money, make_pool
from scoring.domain.priority_points import score_in_pools
from scoring.domain.records import Inputs
from scoring.domain.standing import write_standing
from scoring.selectors.changes import (
    Changes,
    find_issues_in,
    find_issues_of,
    read_stored_draws,
    sum_points,
)
from scoring.selectors.inputs import read_inputs_of
from scoring.selectors.rules import Rules

Stored = Mapping[int, Mapping[PoolKey, tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Touched:
    """`issues` are all whose rows change or go; `computed` those that are to have one."""

    issues: frozenset[int]
    computed: Sequence[Computed]

    @property
    def standings(self) -> dict[int, str]:
        """Of those that have a rank."""
        return {
            int(one.issue): write_standing(one.active)
            for one in self.computed
            if one.active.merits is not None
        }


def read_touched(changes: Changes, rules: Rules, today: date, *, most: int) -> Touched | None:
    """Scored by the framework, to the same fraction as a full run; None: more than `most` issues.

    What an issue drew when it was last scored tells which pools' points changed; of all the
    other pools the points are still what those scores were made with.
    """
    direct = changes.issues | find_issues_of(changes.accounts, changes.opportunities)
    if len(direct) > most:
        return None
    inputs, stored = read_inputs_of(direct, today), read_stored_draws(direct)
    changed = _find_changed_pools(inputs, stored, direct)
    others = find_issues_in(changed) - direct
    if len(direct) + len(others) > most:
        return None
    if others:
        inputs = _join(inputs, read_inputs_of(others, today))
        stored = {**stored, **read_stored_draws(others)}
    pools = _fill_pools(inputs, stored, changed)
    scores = score_in_pools(inputs, rules.weights, pools)
    table = rules.table
    computed = [
        Computed(rules.weights.model, score, score, count_figures(score.demand, inputs), table)
        for score in scores
    ]
    return Touched(direct | others, [one for one in computed if one.is_worth_keeping])


def _find_changed_pools(
    inputs: Inputs, stored: Stored, issues: Collection[int]
) -> frozenset[PoolKey]:
    now = find_draws(inputs)
    changed: set[PoolKey] = set()
    for issue in issues:
        drew = {key: points for key, (points, _) in stored.get(issue, {}).items()}
        changed.update(key for key, _ in drew.items() ^ now.get(issue, {}).items())
    return frozenset(changed)


def _fill_pools(
    inputs: Inputs, stored: Stored, changed: Collection[PoolKey]
) -> dict[PoolKey, Pool]:
    drawn = {key for draws in find_draws(inputs).values() for key in draws}
    known = {key: points for draws in stored.values() for key, (_, points) in draws.items()}
    unknown = {key for key in drawn if key in changed or key not in known}
    points = known | sum_points(unknown)
    return {key: make_pool(find_money(key, inputs), points[key]) for key in drawn}


def _join(one: Inputs, other: Inputs) -> Inputs:
    """Of different issues."""
    return Inputs(
        one.today,
        {**one.accounts, **other.accounts},
        {**one.opportunities, **other.opportunities},
        {**one.issues, **other.issues},
        one.links + other.links,
    )
