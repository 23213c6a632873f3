"""What a person may enter as an estimate of each kind, and how it is kept: as plain text."""

import re
from dataclasses import dataclass
from fractions import Fraction

from scoring.domain.manual_value import Level, Reason
from scoring.domain.rice import CONFIDENCES, IMPACTS, REACH_BUCKETS
from scoring.domain.rounding import to_plain
from scoring.domain.weights import Weights

NUMBER = re.compile(r"([0-9]{1,15}|[0-9]{1,3}(,[0-9]{3}){1,4})(\.[0-9]{1,2})?", re.ASCII)
REACH, MANUAL = "reach", "manual_value"
Choices = tuple[tuple[str, str], ...]  # value, what it is called


class UnfitEstimate(ValueError):
    """What this kind cannot have; the message says what it can."""


@dataclass(frozen=True, slots=True)
class EstimateRule:
    """One of `choices`, or where `most` is given a number up to it, above 0 or from 0.

    `help` says in a sentence what is asked for; `unit` stands behind the number.
    """

    help: str
    unit: str = ""
    most: int | None = None
    is_from_0: bool = False
    choices: Choices = ()

    @property
    def expects(self) -> str:
        if self.most is None:
            return "Choose one of the values."
        least = "from 0" if self.is_from_0 else "above 0"
        levels = "".join(f" or {value}" for value, _ in self.choices)
        return f"A number {least}, up to {self.most:,}, with at most two places{levels}."


@dataclass(frozen=True, slots=True)
class EstimateDraft:
    """What a person wants to enter; `reason` is there for a manual value."""

    kind: str
    value: str
    reason: str = ""
    note: str = ""


REACH_WORDS = ("80 % of users or more", "50 to 80 %", "25 to 50 %", "5 to 25 %", "fewer than 5 %")
IMPACT_WORDS = ("massive", "high", "medium", "low", "minimal")
CONFIDENCE_WORDS = ("high", "medium", "low")
REACHES: Choices = tuple(
    (to_plain(reach), f"{to_plain(reach)} – {words}")
    for (_, reach), words in zip(REACH_BUCKETS, REACH_WORDS, strict=True)
)
IMPACT_CHOICES: Choices = tuple(
    (f"{impact:f}", f"{impact:f} – {word}")
    for impact, word in zip(IMPACTS, IMPACT_WORDS, strict=True)
)
CONFIDENCE_CHOICES: Choices = tuple(
    (f"{percent:f}", f"{percent:f} % – {word}")
    for percent, word in zip(CONFIDENCES, CONFIDENCE_WORDS, strict=True)
)
LEVELS: Choices = tuple((str(level), str(level)) for level in Level)
REASONS: Choices = tuple((str(reason), str(reason)) for reason in Reason)

PEOPLE = EstimateRule("How many people meet it in a quarter.", "people", most=10**9)
RULES: dict[str, EstimateRule] = {
    "duration_weeks": EstimateRule("From start to release.", "weeks", most=520),
    REACH: EstimateRule("Which share of all users meets it.", choices=REACHES),
    "impact": EstimateRule("How much it changes for each of them.", choices=IMPACT_CHOICES),
    "confidence": EstimateRule("How sure the other three are.", choices=CONFIDENCE_CHOICES),
    "effort": EstimateRule("Everybody's work together.", "person-months", most=1000),
    "business_value": EstimateRule(
        "On the scale your team uses, such as 1 to 20.", most=1000, is_from_0=True
    ),
    "time_criticality": EstimateRule(
        "What waiting would spoil, on the same scale.", most=1000, is_from_0=True
    ),
    "risk_reduction": EstimateRule(
        "What it averts or makes possible, on the same scale.", most=1000, is_from_0=True
    ),
    "job_size": EstimateRule("The work, on the same scale.", most=1000),
    MANUAL: EstimateRule(
        "Yearly money, which counts while customers ask for less; or a level, in words alone.",
        most=10**12,
        is_from_0=True,
        choices=LEVELS,
    ),
}


def find_rule(kind: str, weights: Weights) -> EstimateRule:
    """Reach is a share of users, or a head count where the weights say so."""
    return PEOPLE if kind == REACH and weights.is_reach_in_people else RULES[kind]


def fit_value(kind: str, text: str, weights: Weights) -> str:
    """The value as it is kept: plain, without commas. Raises UnfitEstimate."""
    rule, typed = find_rule(kind, weights), text.strip().lower()
    if typed in dict(rule.choices):
        return typed
    if rule.most is None or not NUMBER.fullmatch(typed):
        raise UnfitEstimate(rule.expects)
    number = Fraction(typed.replace(",", ""))
    if number > rule.most or (number == 0 and not rule.is_from_0):
        raise UnfitEstimate(rule.expects)
    return to_plain(number)


def fit_reason(kind: str, reason: str) -> str:
    """A manual value has one of the reasons, the others none. Raises UnfitEstimate."""
    if kind != MANUAL:
        return ""
    if reason not in dict(REASONS):
        raise UnfitEstimate("Choose why: a manual value needs a reason.")
    return reason
