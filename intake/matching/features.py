"""What makes an issue resemble a question: one row per candidate, one column per feature.

A column that ends in `_top` is a share of the best candidate's value, `_share` of what the
question scores against itself, `_rank` the logarithm of 1 + the place among the candidates.
"""

import numpy as np

from intake.matching.candidates import DAY, Candidates
from intake.matching.columns import Column, Matrix, fill, rank
from intake.matching.index import Snapshot
from intake.matching.likeness import SEMANTIC, measure_meaning
from intake.matching.meaning import Meaning
from intake.matching.overlap import Overlap, compare
from intake.matching.question import Question
from intake.matching.wording import WORDING, measure_wording

LEXICAL = (
    *WORDING,
    *("age", "age_rank", "title_length", "body_length", "asked_title_length"),
    *("asked_body_length", "body_length_ratio", "lead_gap", "lead_rank"),
)
NAMES = (*LEXICAL, *SEMANTIC)


def measure(
    question: Question, candidates: Candidates, snapshot: Snapshot, meaning: Meaning | None
) -> Matrix:
    """Candidates × NAMES. The semantic columns are NaN for an issue without a vector, and all of
    them without a meaning."""
    hits = candidates.hits
    overlap = compare(question, hits, snapshot)
    columns = {
        **measure_wording(question, hits, overlap, snapshot),
        **_describe(candidates, overlap, newest_at=snapshot.newest_at),
        **measure_meaning(meaning, candidates.rows, count=len(hits)),
    }
    return np.column_stack([columns[name] for name in NAMES]).astype(np.float32)


def _describe(candidates: Candidates, overlap: Overlap, *, newest_at: int) -> dict[str, Column]:
    """Age, lengths and the rough order."""
    created = np.array([hit.created_at for hit in candidates.hits], np.float64)
    age = np.log1p(np.maximum(newest_at - created, 0) / DAY).astype(np.float32)
    count = len(created)
    body_length = np.log1p(overlap.body_lengths)
    asked_body_length = np.log1p(overlap.asked_body.sum())
    return {
        "age": age,
        "age_rank": rank(-age),
        "title_length": overlap.title_lengths,
        "body_length": body_length,
        "asked_title_length": fill(overlap.asked_title.sum(), count),
        "asked_body_length": fill(asked_body_length, count),
        "body_length_ratio": body_length - asked_body_length,
        "lead_gap": candidates.lead - candidates.lead.max(initial=-np.inf),
        "lead_rank": rank(candidates.lead),
    }
