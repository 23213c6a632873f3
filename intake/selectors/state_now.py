"""The public state of a request, in the words that hold now."""

from collections.abc import Mapping
from dataclasses import dataclass

from intake.domain.vocabulary import PublicState
from intake.domain.wording import Wording

Wordings = Mapping[str, Wording]
TONES: dict[str, str] = {
    PublicState.WAITING_FOR_YOU: "warn",
    PublicState.SHIPPED: "good",
    PublicState.CONFIRMED: "good",
    PublicState.COMMITTED: "calm",
    PublicState.SCHEDULED: "calm",
    PublicState.HOPED_FOR: "calm",
    PublicState.IN_PROGRESS: "calm",
}


@dataclass(frozen=True, slots=True)
class StateNow:
    """`tone` is a class of the stylesheet."""

    key: str
    label: str
    meaning: str
    tone: str


def word_state(wordings: Wordings, state: str, release: str) -> StateNow:
    wording = wordings[state].for_release(release)
    return StateNow(state, wording.label, wording.meaning, TONES.get(state, "plain"))
