"""Why an issue was proposed, in words of the query alone."""

from datetime import UTC, datetime

from intake.matching.candidates import DAY
from intake.matching.columns import Column
from intake.matching.features import NAMES
from intake.matching.index import Hit, Snapshot
from intake.matching.question import Question

SHOWN = 4
TELLING = 0.3  # of the greatest rarity; a more common word explains nothing
CLOSE_TEXT = 0.5  # share of the text's BM25 against itself
CLOSE_MEANING = 0.65  # cosine; among 12,000 issues the nearest other wish seldom comes so close
RECENT = 60 * DAY
SAME = ("same title and text",)


def explain(question: Question, hit: Hit, row: Column, snapshot: Snapshot) -> tuple[str, ...]:
    """Sentences for a person, the strongest reason first; none if nothing stands out.

    `row` are the hit's features.
    """
    reasons: list[str] = []
    names = [name for name in question.names if name in hit.names]
    names.sort(key=lambda name: -question.name_rarity[name])
    if names:
        shown = ", ".join(f"`{question.names[name]}`" for name in names[:SHOWN])
        reasons.append(f"same identifiers: {shown}")
    bar = TELLING * snapshot.rate(1)
    shared = [word for word in dict.fromkeys(question.title) if word in set(hit.title)]
    words = [word for word in shared if question.rarity[word] >= bar]
    if words:
        reasons.append(f"same words in the title: {', '.join(words[:SHOWN])}")
    if row[NAMES.index("bodies_share")] >= CLOSE_TEXT:
        reasons.append("much of the text is the same")
    elif row[NAMES.index("cosine")] >= CLOSE_MEANING:
        reasons.append("means much the same")
    if reasons and snapshot.newest_at - hit.created_at <= RECENT:
        reasons.append(f"filed in {datetime.fromtimestamp(hit.created_at, UTC):%B %Y}")
    return tuple(reasons)
