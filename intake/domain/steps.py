"""How far a request has come: the stops of its line, with dates, and the one after."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from intake.domain.vocabulary import PublicState


class Reach(StrEnum):
    """Where a stop lies: behind, here, or ahead."""

    DONE = "done"
    NOW = "now"
    NEXT = "next"


class Stop(StrEnum):
    RECEIVED = "received"
    READ = "read"
    DECIDED = "decided"
    DATED = "dated"
    SHIPPED = "shipped"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Step:
    """`at` is when the stop was reached, or by when it will be; None when no date is known."""

    stop: Stop
    reach: Reach
    at: datetime | None = None


STOP_OF_STATE: dict[str, Stop] = {
    PublicState.RECEIVED: Stop.RECEIVED,
    PublicState.UNDER_REVIEW: Stop.RECEIVED,
    PublicState.WAITING_FOR_YOU: Stop.READ,
    PublicState.JOINED: Stop.DECIDED,
    PublicState.CONSIDERED: Stop.DECIDED,
    PublicState.NOT_PLANNED: Stop.DECIDED,
    PublicState.ALREADY_POSSIBLE: Stop.DECIDED,
    PublicState.SCHEDULED: Stop.DATED,
    PublicState.HOPED_FOR: Stop.DATED,
    PublicState.COMMITTED: Stop.DATED,
    PublicState.IN_PROGRESS: Stop.DATED,
    PublicState.SHIPPED: Stop.SHIPPED,
    PublicState.CONFIRMED: Stop.CONFIRMED,
}
LAST_STOPS: dict[str, Stop] = {  # states after which nothing more follows
    PublicState.NOT_PLANNED: Stop.DECIDED,
    PublicState.ALREADY_POSSIBLE: Stop.DECIDED,
    PublicState.WITHDRAWN: Stop.RECEIVED,
}


@dataclass(frozen=True, slots=True)
class Journey:
    """`reached` maps stops to the first time one of their states was told."""

    state: str
    received_at: datetime
    answer_by: datetime
    answered_at: datetime | None
    decided_at: datetime | None
    reached: Mapping[Stop, datetime]


def list_steps(journey: Journey) -> tuple[Step, ...]:
    """In order: the stops passed on a known day, the one reached, and those still possible."""
    here = _find_here(journey)
    stops = list(Stop)
    if journey.state in LAST_STOPS:
        stops = stops[: stops.index(LAST_STOPS[journey.state]) + 1]
    dates = _date_stops(journey)
    steps = (
        Step(stop, _place(stops.index(stop), stops.index(here)), dates.get(stop)) for stop in stops
    )
    return tuple(step for step in steps if step.at or step.reach is not Reach.DONE)


def _find_here(journey: Journey) -> Stop:
    here = STOP_OF_STATE.get(journey.state, Stop.RECEIVED)
    return Stop.READ if here is Stop.RECEIVED and journey.answered_at else here


def _place(index: int, here: int) -> Reach:
    if index < here:
        return Reach.DONE
    return Reach.NOW if index == here else Reach.NEXT


def _date_stops(journey: Journey) -> dict[Stop, datetime]:
    dates = dict(journey.reached)
    dates[Stop.RECEIVED] = journey.received_at
    if journey.decided_at:
        dates.setdefault(Stop.DECIDED, journey.decided_at)
    dates[Stop.READ] = journey.answered_at or dates.get(Stop.DECIDED) or journey.answer_by
    return dates
