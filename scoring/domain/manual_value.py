"""What a person says an issue is worth when no customer asks for it, and why.

Marked manual wherever it is shown. Only money makes a score; a level is told in words.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Level(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Reason(StrEnum):
    SECURITY = "security"
    DATA_LOSS = "data loss"
    AVAILABILITY = "availability"
    REGRESSION = "regression"
    INFRASTRUCTURE = "infrastructure"
    UX_DEBT = "UX debt"
    TECH_DEBT = "tech debt"
    PREDICTABILITY = "predictability"


@dataclass(frozen=True, slots=True)
class ManualValue:
    """Yearly money of the corporate currency, or a level."""

    worth: Decimal | Level
    reason: Reason

    @property
    def money(self) -> Decimal | None:
        return None if isinstance(self.worth, Level) else self.worth
