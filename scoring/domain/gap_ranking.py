"""Gap ranking, as Sourcegraph's field teams had it: four ranks, ordered by their mean.

An issue's place depends on all the others, so one more customer behind one issue may push
another down.
"""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

from scoring.domain.demand import IssueDemand, gather_demand
from scoring.domain.ranking import rank
from scoring.domain.records import Inputs, Severity
from scoring.domain.rounding import sum_money
from scoring.domain.warning import ScoreWarning, tidy, warn_of_money

TOP = 10
NEXT_IN_LINE = 5
V = TypeVar("V", bound=Hashable)


@dataclass(frozen=True, slots=True)
class GapFigures:
    """What stands behind one issue; `lost_arr` is of opportunities lost for want of it."""

    impacted_arr: Fraction
    accounts: int
    strategic_accounts: int
    p0_accounts: int
    lost_arr: Fraction

    @property
    def p0_share(self) -> Fraction:
        """0..1 of the accounts that ask; to be shown with `p0_accounts`, as 1 of 1 is 100 %."""
        return Fraction(self.p0_accounts, self.accounts) if self.accounts else Fraction()


@dataclass(frozen=True, slots=True)
class GapRanks:
    """1 is best; equals share their average, so halves occur."""

    impacted_arr: Fraction
    accounts: Fraction
    strategic_accounts: Fraction
    p0_share: Fraction

    def list(self) -> tuple[Fraction, ...]:
        return self.impacted_arr, self.accounts, self.strategic_accounts, self.p0_share

    @property
    def mean(self) -> Fraction:
        return sum(self.list(), Fraction()) / 4

    @property
    def worst(self) -> Fraction:
        """Small only where an issue stands highly among all four."""
        return max(self.list())


@dataclass(frozen=True, slots=True)
class GapScore:
    """`ranks` is None for a closed issue and one without an open link."""

    demand: IssueDemand
    figures: GapFigures
    ranks: GapRanks | None
    warnings: tuple[ScoreWarning, ...]

    @property
    def merits(self) -> tuple[Fraction, ...] | None:
        if self.ranks is None:
            return None
        return -self.ranks.mean, self.figures.impacted_arr, Fraction(self.figures.accounts)


def score_gaps(inputs: Inputs) -> list[GapScore]:
    """Every issue, in the order of ids; ranks are among the open ones that somebody asks for."""
    demands = gather_demand(inputs)
    figures = [count_figures(demand, inputs) for demand in demands]
    asked = [place for place, demand in enumerate(demands) if demand.links]
    ranks = dict(zip(asked, rank_figures([figures[place] for place in asked]), strict=True))
    return [
        GapScore(demand, figures[place], ranks.get(place), tidy(warn_of_money(demand, inputs)))
        for place, demand in enumerate(demands)
    ]


def pick_top(scores: Sequence[GapScore], count: int = TOP) -> list[GapScore]:
    """The Top 10: when one ships, it is closed, and the next moves up."""
    return [score for place, score in rank(scores)[:count] if place is not None]


def count_figures(demand: IssueDemand, inputs: Inputs) -> GapFigures:
    lost = {
        link.opportunity
        for link in demand.ended_links
        if link.opportunity is not None and inputs.opportunities[link.opportunity].is_lost
    }
    lost_arr = sum_money(inputs.opportunities[key].net_arr for key in lost)
    return GapFigures(
        impacted_arr=demand.linked_arr,
        accounts=len(demand.accounts),
        strategic_accounts=sum(account.is_strategic for account in demand.accounts),
        p0_accounts=len({link.account for link in demand.links if link.severity == Severity.P0}),
        lost_arr=lost_arr,
    )


def rank_figures(figures: Sequence[GapFigures]) -> list[GapRanks]:
    """The P0 share ranks by share, then by count."""
    columns = (
        rank_averaged([one.impacted_arr for one in figures]),
        rank_averaged([one.accounts for one in figures]),
        rank_averaged([one.strategic_accounts for one in figures]),
        rank_averaged([(one.p0_share, one.p0_accounts) for one in figures]),
    )
    return [GapRanks(*row) for row in zip(*columns, strict=True)]


def rank_averaged(values: Sequence[Any]) -> list[Fraction]:
    """Rank 1 for the greatest; equals get the average of the places they take."""
    places: dict[Any, list[int]] = defaultdict(list)
    for place, value in enumerate(sorted(values, reverse=True), start=1):
        places[value].append(place)
    means = {value: Fraction(taken[0] + taken[-1], 2) for value, taken in places.items()}
    return [means[value] for value in values]
