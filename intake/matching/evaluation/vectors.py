"""The unit vectors of a file's issues: computed once, kept in a folder if one is given."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from time import perf_counter

import numpy as np

from intake.matching.embedding.encoder import Encoder, build_text
from intake.matching.evaluation.baselines import Rows
from intake.matching.evaluation.issues import Issue

BATCH = 64


@dataclass(frozen=True, slots=True)
class Embedded:
    """`rows` has a unit vector for each issue; `rate` is texts a second, None if they were kept."""

    rows: Rows
    rate: float | None


def embed(
    issues: Sequence[Issue],
    encoder: Encoder,
    *,
    folder: Path | None,
    advance: Callable[[int], None],
) -> Embedded:
    """`advance` is told how many more are done. Raises EmbeddingUnavailable."""
    texts = [build_text(issue.document.title, issue.document.body) for issue in issues]
    kept = folder / f"{_name(texts, encoder.model_id)}.npy" if folder else None
    if kept is not None and kept.is_file():
        advance(len(texts))
        return Embedded(np.load(kept), None)
    encoder.open()
    started, rows = perf_counter(), []
    for start in range(0, len(texts), BATCH):
        rows.append(encoder.encode(texts[start : start + BATCH]))
        advance(len(rows[-1]))
    embedded = Embedded(np.concatenate(rows), len(texts) / (perf_counter() - started))
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.save(kept, embedded.rows)
    return embedded


def _name(texts: Sequence[str], model: str) -> str:
    """Of the texts and the model: other words, another trimming or another model is another."""
    digest = blake2b(model.encode(), digest_size=12)
    for text in texts:
        digest.update(blake2b(text.encode(errors="replace"), digest_size=12).digest())
    return digest.hexdigest()
