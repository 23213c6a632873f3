"""`make bench`, second part: what finding duplicates costs at 10,000, 50,000 and 200,000 issues.

The issues are made up (`tests.synthetic_issues`) and always the same. Their vectors are random
unit rows, which cost a search what real ones do; the encoder's rate is measured on a sample of
the texts. Searches, updates and memory are measured in a process of their own, as a worker has
it: nothing of the making is left in it. A goal missed at 200,000 issues is a failure.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import django
import numpy as np

django.setup()

from django.conf import settings  # noqa: E402

from intake.matching.candidates import QUICK  # noqa: E402
from intake.matching.embedding.encoder import WIDTH, Encoder, build_text  # noqa: E402
from intake.matching.embedding.model import build_model  # noqa: E402
from intake.matching.embedding.vector_writer import Entry, VectorWriter  # noqa: E402
from intake.matching.embedding.vectors import VectorStore  # noqa: E402
from intake.matching.errors import EmbeddingUnavailable  # noqa: E402
from intake.matching.evaluation.memory import measure_memory  # noqa: E402
from intake.matching.figures import measure_latency  # noqa: E402
from intake.matching.finder import Finder  # noqa: E402
from intake.matching.index import IndexReader, IndexWriter  # noqa: E402
from intake.matching.records import Document, Query  # noqa: E402
from portal.progress_bar import Tell, show_bar  # noqa: E402
from tests.synthetic_issues import START, Issues, write_submissions  # noqa: E402

SIZES = (10_000, 50_000, 200_000)
SUBMISSIONS, UPDATES, SAMPLE, WARM = 100, 20, 200, 10
TOLD_EVERY = 1_000
SUGGESTIONS = 12  # what the form fetches

Figures = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table. `goal` is the highest that will do at the largest size."""

    name: str
    unit: str
    goal: float | None = None


ROWS = (
    Row("index build", "s", 15),
    Row("update of one issue, median", "ms"),
    Row("update of one issue, p95", "ms"),
    Row("submission, median", "ms"),
    Row("submission, p95", "ms", 150),
    Row("submission by words, median", "ms"),
    Row("submission by words, p95", "ms", 60),
    Row("type-ahead, median", "ms"),
    Row("type-ahead, p95", "ms", 60),
    Row("type-ahead by words, p95", "ms", 60),
    Row("worker's memory", "MB", 600),
)


def main() -> int:
    has_model = build_or_say()
    with show_bar("Making issues up", "issues") as tell:
        documents = list(watch(Issues(SIZES[-1]), SIZES[-1], tell))
    results = {size: measure_size(documents[:size], has_model=has_model) for size in SIZES}
    if has_model:
        tell_rate(documents)
    return report(results)


def build_or_say() -> bool:
    """Whether there is a model; it is built where only its weights are."""
    try:
        build_model(Path(settings.EMBEDDING_DIR))
    except EmbeddingUnavailable as error:
        print(f"{error} Measured by words alone.")
        return False
    return True


def watch(documents: Iterable[Document], total: int, tell: Tell) -> Iterator[Document]:
    for done, document in enumerate(documents, start=1):
        yield document
        if done % TOLD_EVERY == 0:
            tell(done, total)


def measure_size(documents: Sequence[Document], *, has_model: bool) -> Figures:
    with TemporaryDirectory(prefix="bench-") as place:
        directory = Path(place)
        started = time.perf_counter()
        with show_bar("Building the index", "issues") as tell, IndexWriter(directory) as writer:
            writer.rebuild(watch(documents, len(documents), tell), "")
        figures: Figures = {"index build": time.perf_counter() - started}
        if has_model:
            write_vectors(directory, documents)
        submissions = write_submissions(documents, SUBMISSIONS)
        (directory / "submissions.json").write_text(
            json.dumps([asdict(one) for one in submissions])
        )
        command = [sys.executable, "-m", "tests.bench_matching", str(directory)]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
        return figures | json.loads(done.stdout)


def write_vectors(directory: Path, documents: Sequence[Document]) -> None:
    source = np.random.default_rng(3)
    rows = source.standard_normal((len(documents), WIDTH), dtype=np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    entries = [Entry(one.key, 1, one.key, one.is_public) for one in documents]
    with VectorWriter(directory, Encoder.model_id) as writer:
        writer.apply(entries, rows, watermark="")


def tell_rate(documents: Sequence[Document]) -> None:
    texts = [build_text(one.title, one.body) for one in documents[:SAMPLE]]
    for threads in sorted({1, os.cpu_count() or 1}):
        encoder = Encoder(settings.EMBEDDING_DIR, threads=threads)
        encoder.encode(texts[:1])
        started = time.perf_counter()
        encoder.encode(texts)
        rate = len(texts) / (time.perf_counter() - started)
        print(f"  Embedding: {rate:.0f} texts/s on {threads} thread(s), {SAMPLE} texts")


def work(directory: Path) -> Figures:
    """What the process of a worker measures over a finished index."""
    rows = json.loads((directory / "submissions.json").read_text())
    submissions = [Query(row["title"], row["body"]) for row in rows]
    typed = [
        Query(one.title, one.body[: 80 * (place % 4)]) for place, one in enumerate(submissions)
    ]
    reader, vectors = IndexReader(directory), VectorStore(directory, Encoder.model_id)
    by_words, figures = Finder(reader), Figures()
    figures |= time_all("submission by words", submissions, by_words.find)
    figures |= time_all("type-ahead by words", typed, suggest_with(by_words))
    if (directory / "vectors").is_dir():
        finder = Finder(reader, Encoder(settings.EMBEDDING_DIR), vectors)
        figures |= time_all("submission", submissions, finder.find)
        figures |= time_all("type-ahead", typed, suggest_with(finder))
        if finder.trouble:
            raise SystemExit(finder.trouble)
    figures |= time_all("update of one issue", range(UPDATES), make_update(directory, reader))
    return figures | {"worker's memory": measure_memory()}


def suggest_with(finder: Finder) -> Callable[[Query], object]:
    return lambda query: finder.find(query, limit=SUGGESTIONS, public_only=True, effort=QUICK)


def make_update(directory: Path, reader: IndexReader) -> Callable[[int], object]:
    """One changed issue, until a reader sees it."""
    writer = IndexWriter(directory)

    def update(number: int) -> None:
        changed = Document(number + 1, f"Changed {number}", "as it is", START, True, True)
        writer.apply([changed], [], str(number))
        assert reader.watermark() == str(number)

    return update


def time_all(name: str, things: Sequence[Any], act: Callable[[Any], object]) -> Figures:
    for thing in things[:WARM]:
        act(thing)
    seconds = []
    for thing in things:
        started = time.perf_counter()
        act(thing)
        seconds.append(time.perf_counter() - started)
    latency = measure_latency(seconds)
    return {f"{name}, median": latency.median * 1000, f"{name}, p95": latency.p95 * 1000}


def report(results: dict[int, Figures]) -> int:
    print(f"\n{'':32}" + "".join(f"{size:>12,}" for size in results) + "   goal")
    missed = False
    for row in ROWS:
        values = [figures.get(row.name) for figures in results.values()]
        shown = "".join(f"{'–' if value is None else f'{value:.1f}':>12}" for value in values)
        is_missed = row.goal is not None and values[-1] is not None and values[-1] > row.goal
        goal = f"≤ {row.goal:g} {row.unit}" if row.goal else row.unit
        print(f"{row.name:32}{shown}   {goal}{'  MISSED' if is_missed else ''}")
        missed = missed or is_missed
    return int(missed)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(work(Path(sys.argv[1]))))
    else:
        sys.exit(main())
