"""The note that ties an account to an issue, in the words product managers are used to reading."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from intake.domain.quoting import quote, quote_line


@dataclass(frozen=True, slots=True)
class Wish:
    """One open submission behind the link; its texts are masked already."""

    reference: str
    summary: str
    problem: str
    workaround: str
    impact: str


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """What a note says. `account_url` is the account's Salesforce link, `points` 1..10."""

    account_url: str
    points: int
    seats: int | None
    owner: str
    wishes: Sequence[Wish]


def render_full_note(facts: LinkFacts) -> str:
    """For internal notes and confidential issues only: it quotes what the customer wrote."""
    lines = [
        "The following ~customer is interested in this capability",
        "",
        *_tie(facts),
        f"- Number of seats: {facts.seats if facts.seats is not None else 'not known'}",
        f"- TAM: {quote_line(facts.owner) or 'none, through the intake portal'}",
    ]
    for wish in facts.wishes:
        lines += ["", *_render_wish(wish)]
    return "\n".join(lines)


def render_link_only(facts: LinkFacts) -> str:
    """For issues that people outside can read: the link and the priority, nothing else."""
    return "\n".join(_tie(facts))


def _tie(facts: LinkFacts) -> list[str]:
    return [
        f"- Link to request: {facts.account_url}",
        f'- Priority: ~"customer priority::{facts.points}"',
    ]


def _render_wish(wish: Wish) -> list[str]:
    answers = (
        ("Why interested", wish.summary),
        ("Problem they are trying to solve", wish.problem),
        ("Current solution for this problem", wish.workaround),
        ("Impact to the customer of not having this", wish.impact),
    )
    lines = [f"**Request {wish.reference}**"]
    for heading, answer in answers:
        if answer.strip():
            lines += ["", f"{heading}:", "", quote(answer)]
    return lines


def digest(body: str) -> str:
    """Tells whether a note's wanted text differs from the one last written."""
    return hashlib.sha256(body.strip().encode()).hexdigest()
