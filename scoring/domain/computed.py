"""One issue's figures under one set of weights, as they are stored, previewed and compared."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from intake.domain.vocabulary import CrosswalkRow
from scoring.domain.demand import IssueDemand
from scoring.domain.figures import tell_figures
from scoring.domain.gap_ranking import GapFigures
from scoring.domain.labels import name_intent, name_urgency
from scoring.domain.priority_points import PriorityScore, count_points
from scoring.domain.ranking import Score
from scoring.domain.records import Key
from scoring.domain.rounding import to_cents, to_millionths
from scoring.domain.warning import ScoreWarning, tidy
from scoring.domain.weights import Model

Crosswalk = Mapping[str, CrosswalkRow]
FORMULAS = "1"  # counts up whenever the same inputs would make another number


@dataclass(frozen=True, slots=True)
class Computed:
    """Named as the columns of the score's row; money is to the cent, and the framework's
    whatever model is active.

    `exact` has the framework's fractions, link by link; `active` is the active model's own
    score, and `rank` its place. `rank` and `bucket` depend on all the other issues: both are
    None where only some were computed.
    """

    model: Model
    exact: PriorityScore
    active: Score
    gaps: GapFigures
    crosswalk: Crosswalk
    rank: int | None = None
    bucket: int | None = None

    @property
    def demand(self) -> IssueDemand:
        return self.exact.demand

    @property
    def issue(self) -> Key:
        return self.demand.issue.id

    @property
    def is_worth_keeping(self) -> bool:
        """Somebody asks for it, or it has a score without that."""
        return bool(self.accounts) or self.score is not None or self.priority is not None

    @property
    def score(self) -> Decimal | None:
        """What ranks go by, to six places: the mean rank for gap ranking, of which less is
        better; for every other model its score."""
        merits = self.active.merits
        return None if merits is None else to_millionths(abs(merits[0]))

    @property
    def retention(self) -> Decimal | None:
        return _to_money(self.exact.retention)

    @property
    def growth(self) -> Decimal | None:
        return _to_money(self.exact.growth)

    @property
    def combined(self) -> Decimal | None:
        return _to_money(self.exact.combined)

    @property
    def priority(self) -> Decimal | None:
        return _to_money(self.exact.priority)

    @property
    def weighted(self) -> Decimal | None:
        return _to_money(self.exact.weighted)

    @property
    def linked_arr(self) -> Decimal:
        return to_cents(self.gaps.impacted_arr)  # the whole ARR of each account, once

    @property
    def impacted_arr(self) -> Decimal:
        return to_cents(self.gaps.impacted_arr)

    @property
    def lost_arr(self) -> Decimal:
        return to_cents(self.gaps.lost_arr)

    @property
    def accounts(self) -> int:
        return self.gaps.accounts

    @property
    def strategic_accounts(self) -> int:
        return self.gaps.strategic_accounts

    @property
    def p0_accounts(self) -> int:
        return self.gaps.p0_accounts

    @property
    def seats(self) -> int:
        return self.demand.seats

    @property
    def highest_points(self) -> int:
        return max((count_points(link) for link in self.demand.links), default=0)

    @property
    def urgency(self) -> str:
        """As a label spells it, before the least number of accounts is looked at."""
        return name_urgency(self.highest_points, self.crosswalk) if self.demand.links else ""

    @property
    def intent(self) -> str:
        return name_intent(link.kind for link in self.demand.links) or ""

    @property
    def group(self) -> str:
        return self.demand.issue.group or ""

    @property
    def type(self) -> str:
        return self.demand.issue.type or ""

    @property
    def themes(self) -> tuple[str, ...]:
        return self.demand.issue.themes

    @property
    def is_manual(self) -> bool:
        return self.exact.manual is not None

    @property
    def figures(self) -> dict[str, str]:
        """The active model's own parts by name."""
        return tell_figures(self.active)

    @property
    def warnings(self) -> tuple[ScoreWarning, ...]:
        """The framework's, and the active model's."""
        if self.active is self.exact:
            return self.exact.warnings
        return tidy({*self.exact.warnings, *self.active.warnings})


def _to_money(amount: Fraction | None) -> Decimal | None:
    return None if amount is None else to_cents(amount)
