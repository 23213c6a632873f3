"""What each model says of one issue, in a line: its figure, what it is made of, what it lacks."""

from dataclasses import dataclass
from fractions import Fraction

from scoring.domain.cost_of_delay import DelayScore
from scoring.domain.gap_ranking import GapFigures
from scoring.domain.rice import RiceScore
from scoring.domain.rounding import to_plain
from scoring.domain.warning import ScoreWarning
from scoring.domain.wsjf import WsjfScore


@dataclass(frozen=True, slots=True)
class ModelWords:
    """`figure` is empty while there is none; `lacks` are the estimates it waits for."""

    figure: str
    made_of: str
    lacks: tuple[str, ...] = ()


def tell_delay(score: DelayScore) -> ModelWords:
    """Yearly money divided by weeks."""
    if score.cost_of_delay is None:
        return ModelWords("", "no open link")
    made_of = f"cost of delay {_count(score.cost_of_delay)}"
    if score.duration:
        origin = ", from the weight" if score.duration.is_derived else ""
        weeks = to_plain(score.duration.weeks)
        made_of += f" ÷ {weeks} week{'' if weeks == '1' else 's'}{origin}"
    return ModelWords(_count(score.score), made_of, _lacks(score.warnings))


def tell_rice(score: RiceScore) -> ModelWords:
    origin = "confirmed" if score.is_confirmed else "proposed from seats"
    factors = (
        ("reach", score.reach, f" ({origin})"),
        ("× impact", score.impact, ""),
        ("× confidence", score.confidence, " %"),
        ("÷ effort", score.effort, " person-months"),
    )
    known = [f"{name} {_short(value)}{unit}" for name, value, unit in factors if value is not None]
    return ModelWords(_short(score.score), " ".join(known), _lacks(score.warnings))


def tell_wsjf(score: WsjfScore) -> ModelWords:
    known = []
    if score.cost_of_delay is not None:
        known.append(f"cost of delay {_short(score.cost_of_delay)}")
    if score.job_size is not None:
        known.append(f"÷ job size {_short(score.job_size)}")
    return ModelWords(_short(score.score), " ".join(known), _lacks(score.warnings))


def tell_gaps(figures: GapFigures, mean: str) -> ModelWords:
    """`mean` of the four ranks, empty where the issue is too far down to be kept."""
    if not figures.accounts:
        return ModelWords("", "no open link")
    dealbreakers = f"{figures.p0_accounts} of {figures.accounts}"
    made_of = (
        f"impacted ARR {_count(figures.impacted_arr)}, accounts {figures.accounts}, "
        f"strategic {figures.strategic_accounts}, dealbreaker for {dealbreakers}"
    )
    return ModelWords(f"mean rank {mean}" if mean else "", made_of)


def _lacks(warnings: tuple[ScoreWarning, ...]) -> tuple[str, ...]:
    """ "add an effort" → "an effort"."""
    asked = [str(warning.kind) for warning in warnings if warning.account is None]
    return tuple(words.removeprefix("add ") for words in asked if words.startswith("add "))


def _count(amount: Fraction | None) -> str:
    return "" if amount is None else f"{round(amount):,}"


def _short(number: Fraction | None) -> str:
    return "" if number is None else to_plain(Fraction(round(number * 100), 100))
