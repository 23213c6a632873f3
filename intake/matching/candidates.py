"""Which issues are worth a closer look."""

from intake.matching.index import Hit, Snapshot
from intake.matching.question import Question

BY_TEXT = 100
BY_TITLE = 50


def gather(question: Question, snapshot: Snapshot, *, public_only: bool) -> list[Hit]:
    """The best by the whole text, then those that only their title brings; each key once."""
    by_text = snapshot.search("text", question.text, limit=BY_TEXT, public_only=public_only)
    titles = {term: 1.0 for term in question.title if term in question.text}
    by_title = snapshot.search("title", titles, limit=BY_TITLE, public_only=public_only)
    return list({hit.key: hit for hit in [*by_text, *by_title]}.values())


def find_identical(question: Question, snapshot: Snapshot, *, public_only: bool) -> list[Hit]:
    """Issues with the same title and text after normalising, oldest first."""
    if not question.fingerprint:
        return []
    asked = {question.fingerprint: 1.0}
    hits = snapshot.search("fingerprint", asked, limit=BY_TITLE, public_only=public_only)
    return sorted(hits, key=lambda hit: (hit.created_at, hit.key))
