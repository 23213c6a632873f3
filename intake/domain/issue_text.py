"""A new issue's title, text and labels, from the feature-proposal template."""

from dataclasses import dataclass

from intake.domain.link_note import Wish
from intake.domain.quoting import quote, quote_line

MARKER_LABEL = "portal-ref:"


@dataclass(frozen=True, slots=True)
class IssueText:
    title: str
    description: str
    labels: tuple[str, ...]


def marker_line(marker: str) -> str:
    """What the portal looks for before it opens an issue, so that it opens one once."""
    return f"{MARKER_LABEL} {marker}"


def write_issue(wish: Wish, *, users: str, group_label: str, marker: str) -> IssueText:
    """The proposal that a product manager edits before publishing; the wish is masked already."""
    sections = (
        ("Problem to solve", quote(wish.problem)),
        ("Intended users", users),
        ("User experience goal", quote(wish.summary)),
        ("Proposal", "To be written by the team."),
        ("Further details", quote(wish.workaround) if wish.workaround.strip() else "None given."),
        (
            "What does success look like, and how can we measure that?",
            quote(wish.impact) if wish.impact.strip() else "To be agreed with the customer.",
        ),
    )
    body = "\n\n".join(f"### {heading}\n\n{text}" for heading, text in sections)
    labels = ("type::feature", "customer", *([group_label] if group_label else []))
    title = quote_line(wish.summary) or f"Request {wish.reference}"
    return IssueText(title, f"{body}\n\n{marker_line(marker)}\n", labels)
