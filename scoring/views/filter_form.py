"""The list's filters as the page draws them: selects, and what is chosen in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import QueryDict

from scoring.selectors.account_filter import MINE, WITHOUT
from scoring.selectors.filter_choices import Choices, FilterChoices
from scoring.selectors.issue_filter import IssueFilter
from scoring.views.addresses import change


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Select:
    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in words, and the address without it."""

    words: str
    address: str


def draw_issue_selects(chosen: IssueFilter, choices: FilterChoices) -> list[Select]:
    """What the issue is."""
    return [
        _draw("area", "Area", choices.areas, chosen, nothing="No area"),
        _draw("group", "Group", choices.groups, chosen, nothing="No group"),
        _draw("type", "Type", choices.types, chosen),
    ]


def draw_customer_selects(chosen: IssueFilter, choices: FilterChoices) -> list[Select]:
    """Who asks for it."""
    tams = ((MINE, "Me"), *choices.tams)
    return [
        _draw("health", "Health", choices.healths, chosen),
        _draw("segment", "Segment", choices.segments, chosen, nothing="No segment"),
        _draw("tam", "TAM", tams, chosen, nothing="No TAM"),
    ]


def _draw(
    name: str, label: str, choices: Choices, chosen: IssueFilter, nothing: str = ""
) -> Select:
    value = getattr(chosen, name)
    known = (("", "Any"), *choices, *(((WITHOUT, nothing),) if nothing else ()))
    if value not in {one for one, _ in known}:
        known = (*known, (value, value))  # from an old address: shown as it is, fits nothing
    return Select(name, label, tuple(Option(one, words, one == value) for one, words in known))


def draw_chips(
    chosen: IssueFilter, selects: Sequence[Select], address: QueryDict
) -> tuple[Chip, ...]:
    """What is in force, one by one; `selects` are all that the page draws."""
    return tuple(
        Chip(words, change(address, **{name: ""})) for name, words in _tell_filter(chosen, selects)
    )


def _tell_filter(chosen: IssueFilter, selects: Sequence[Select]) -> Iterator[tuple[str, str]]:
    if chosen.text:
        yield "text", f"Words: {chosen.text}"
    if chosen.theme:
        yield "theme", f"Theme: {chosen.theme}"
    if chosen.only:
        yield "only", "With a rank" if chosen.only == "ranked" else "Without a rank"
    for select in selects:
        if getattr(chosen, select.name):
            label = next(option.label for option in select.options if option.is_chosen)
            yield select.name, f"{select.label}: {label}"
    if chosen.account:
        yield "account", f"Account: {chosen.account}"
    if chosen.since:
        yield "since", f"Asked since {chosen.since:%-d %b %Y}"
    if chosen.until:
        yield "until", f"Asked until {chosen.until:%-d %b %Y}"
