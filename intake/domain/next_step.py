"""What happens next, in one sentence: the last thing every mail says about a request."""

from dataclasses import dataclass
from datetime import date, datetime

from intake.domain.vocabulary import PublicState

_BY_STATE: dict[str, str] = {
    PublicState.WAITING_FOR_YOU: "we wait for your answer on the page of the request.",
    PublicState.NOT_PLANNED: "nothing more, unless you write to us on the page of the request.",
    PublicState.ALREADY_POSSIBLE: "try it; if it falls short, tell us on the page of the request.",
    PublicState.SHIPPED: "tell us on the page of the request whether it solves your problem.",
    PublicState.CONFIRMED: "nothing more; this request is done.",
    PublicState.WITHDRAWN: "nothing more; this request is closed.",
}
_OTHERWISE = "you hear from us when its state changes."


@dataclass(frozen=True, slots=True)
class Outlook:
    """`answer_by` in the time zone it is told in."""

    state: str
    is_answered: bool
    answer_by: datetime
    review_on: date | None


def tell_next(outlook: Outlook, *, now: datetime) -> str:
    """Never promises a moment that has passed."""
    if said := _BY_STATE.get(outlook.state):
        return said
    if outlook.review_on and outlook.review_on > now.astimezone(outlook.answer_by.tzinfo).date():
        return f"we look at it again by {tell_day(outlook.review_on)}; until then, {_OTHERWISE}"
    if not outlook.is_answered:
        if outlook.answer_by > now:
            return f"a person answers by {tell_moment(outlook.answer_by)}."
        return "a person answers; we are later than we said."
    return _OTHERWISE


def tell_day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def tell_moment(moment: datetime) -> str:
    """As in "Monday 23 November, 17:00 (CET)"."""
    return f"{moment:%A} {moment.day} {moment:%B, %H:%M} ({moment:%Z})"
