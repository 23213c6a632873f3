"""Why an issue was proposed, in words of the query alone."""

from intake.matching.features import Features
from intake.matching.index import Hit, Snapshot
from intake.matching.question import Question

SHOWN = 4
TELLING = 0.3  # of the greatest rarity; a more common word explains nothing
CLOSE_TEXT = 0.5
SAME = ("same title and text",)


def explain(
    question: Question, hit: Hit, features: Features, snapshot: Snapshot
) -> tuple[str, ...]:
    """Sentences for a person, the strongest reason first; none if nothing stands out."""
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
    if features.body >= CLOSE_TEXT:
        reasons.append("much of the text is the same")
    return tuple(reasons)
