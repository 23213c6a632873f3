"""How often is too often: every limit of the site in one table, and how a wait is said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

# Whom acts are counted for, and how the sentence names them.
WHERE_FROM = {
    "person": "came from you",
    "account": "came from your organisation",
    "network": "came from your network",
    "mailbox": "were asked for this address",
}


@dataclass(frozen=True, slots=True)
class Limit:
    """`most` acts of a kind within a time, each for whom it is counted."""

    kind: str
    what: str
    within: timedelta
    most: Mapping[str, int]

    def say(self, counted_for: str, wait: timedelta) -> str:
        """The sentence for whoever has to wait."""
        return (
            f"A lot of {self.what} {WHERE_FROM[counted_for]} in a short time. "
            f"Please try again in {say_wait(wait)}."
        )


SUBMIT = Limit("submit", "requests", HOUR, {"person": 10, "account": 40, "network": 30})
# Staff send what several customers told them in one meeting, all from the same office.
SUBMIT_ON_BEHALF = Limit("submit on behalf", "requests", HOUR, {"person": 60})
REPLY = Limit("reply", "answers", HOUR, {"person": 30, "network": 60})
SUGGEST = Limit("suggest", "searches", MINUTE, {"person": 60, "network": 120})
RESCUE = Limit("rescue", "forms", HOUR, {"network": 60})  # kept for whoever is signed out
CODE = Limit("code", "codes", DAY, {"mailbox": 20})
REFUSED = Limit("refused", "refusals", HOUR, {"person": 1})  # how often one is put on record

LIMITS = (SUBMIT, SUBMIT_ON_BEHALF, REPLY, SUGGEST, RESCUE, CODE, REFUSED)


def say_wait(wait: timedelta) -> str:
    """Rounded up, so that who waits so long is let in; in the unit one would say aloud."""
    if wait > 2 * HOUR:
        return f"{ceil(wait / HOUR)} hours"
    minutes = max(1, ceil(wait / MINUTE))
    return "a minute" if minutes == 1 else f"{minutes} minutes"
