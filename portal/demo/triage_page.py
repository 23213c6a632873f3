"""What the triage page in the admin shows, read as a TAM reads it."""

from dataclasses import dataclass, field

from portal.demo.browser import Browser, Page
from portal.demo.page import Element


@dataclass(frozen=True, slots=True)
class Candidate:
    """As the triage page shows it."""

    issue_url: str
    number: str
    title: str
    score: str
    reasons: tuple[str, ...]
    join: Element = field(repr=False)


def find_candidates_page(tam: Browser, path: str) -> Page | None:
    page = tam.get(path)
    return page if page.root.find("article", "candidate") else None


def read_candidates(page: Page) -> list[Candidate]:
    return [
        read_candidate(one)
        for one in page.root.find_all("article", "candidate")
        if one.find("form")
    ]


def read_candidate(shown: Element) -> Candidate:
    line = shown.find("p", "issue") or shown
    link, title, score = line.find("a"), line.find("span", "title"), shown.find("b")
    reasons = shown.find("ul", "reasons")
    return Candidate(
        issue_url=link.attributes["href"] if link else "",
        number=link.text if link else "",
        title=title.text if title else "",
        score=score.text if score else "",
        reasons=tuple(one.text for one in reasons.find_all("li")) if reasons else (),
        join=next(
            form for form in shown.find_all("form") if "/join/" in form.attributes.get("action", "")
        ),
    )


def find_note_url(page: Page) -> str | None:
    links = (one.attributes.get("href", "") for one in page.root.find_all("a"))
    return next((url for url in links if "#note_" in url), None)
