"""The line of a request: stops with dates, and where it ends."""

from datetime import UTC, datetime, timedelta

import pytest

from intake.domain.steps import STOP_OF_STATE, Journey, Reach, Stop, list_steps
from intake.domain.vocabulary import PublicState

SENT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def journey(state: str, **dates: datetime | None) -> Journey:
    reached = {Stop(name): at for name, at in dates.items() if name in set(Stop) and at}
    return Journey(
        state=state,
        received_at=SENT,
        answer_by=SENT + DAY,
        answered_at=dates.get("answered_at"),
        decided_at=dates.get("decided_at"),
        reached=reached,
    )


def reach_of(steps: object) -> dict[Stop, Reach]:
    return {step.stop: step.reach for step in steps}


def test_a_new_request_shows_by_when_a_person_answers() -> None:
    steps = list_steps(journey(PublicState.RECEIVED))
    assert [step.stop for step in steps] == list(Stop)
    assert (steps[0].reach, steps[0].at) == (Reach.NOW, SENT)
    assert (steps[1].reach, steps[1].at) == (Reach.NEXT, SENT + DAY)
    assert steps[2].at is None


def test_an_answer_moves_on_even_while_it_is_under_review() -> None:
    steps = list_steps(journey(PublicState.UNDER_REVIEW, answered_at=SENT + DAY / 2))
    assert (steps[1].reach, steps[1].at) == (Reach.NOW, SENT + DAY / 2)


@pytest.mark.parametrize("state", [PublicState.NOT_PLANNED, PublicState.ALREADY_POSSIBLE])
def test_a_final_no_ends_the_line(state: str) -> None:
    steps = list_steps(journey(state, answered_at=SENT, decided_at=SENT + DAY))
    assert [step.stop for step in steps] == [Stop.RECEIVED, Stop.READ, Stop.DECIDED]
    assert steps[-1].reach is Reach.NOW
    assert steps[-1].at == SENT + DAY


def test_a_withdrawn_request_stops_where_it_began() -> None:
    assert [step.stop for step in list_steps(journey(PublicState.WITHDRAWN))] == [Stop.RECEIVED]


def test_what_was_skipped_is_left_out() -> None:
    shipped = SENT + 9 * DAY
    steps = list_steps(
        journey(PublicState.SHIPPED, answered_at=SENT, decided_at=SENT, shipped=shipped)
    )
    assert reach_of(steps) == {
        Stop.RECEIVED: Reach.DONE,
        Stop.READ: Reach.DONE,
        Stop.DECIDED: Reach.DONE,
        Stop.SHIPPED: Reach.NOW,
        Stop.CONFIRMED: Reach.NEXT,
    }


@pytest.mark.parametrize("state", list(PublicState))
def test_every_state_has_exactly_one_place(state: PublicState) -> None:
    reaches = [step.reach for step in list_steps(journey(state))]
    assert reaches.count(Reach.NOW) == 1
    assert state in STOP_OF_STATE or state == PublicState.WITHDRAWN
