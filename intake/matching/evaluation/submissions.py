"""Portal-style submissions, in customers' own words, asked against all issues of a file."""

from collections.abc import Callable, Sequence
from pathlib import Path

from intake.matching.embedding.encoder import Encoder, build_text
from intake.matching.evaluation.answers import Case, Run
from intake.matching.evaluation.baselines import Baselines, Rows
from intake.matching.evaluation.growing_index import GrowingIndex
from intake.matching.evaluation.issues import Issue
from intake.matching.evaluation.trial import Trial
from intake.matching.voices import Voice

OWN_WORDS, LOOKALIKE, NO_ISSUE = "own words", "look-alike", "no issue fits"


def ask_submissions(
    issues: Sequence[Issue],
    voices: Sequence[Voice],
    directory: Path,
    *,
    encoder: Encoder | None = None,
    rows: Rows | None = None,
    advance: Callable[[int], None],
) -> Run:
    """As `ask_duplicates`, but every submission meets every issue; any group among its answers
    is right. Raises ValueError if one names an issue that the file has not."""
    ids = {issue.id: issue.group for issue in issues}
    cases = [_make_case(voice, ids) for voice in voices]
    baselines = Baselines(rows)
    baselines.add([issue.document for issue in issues])
    with GrowingIndex(directory, encoder) as index:
        trial = Trial(issues, baselines, index)
        trial.grow(len(issues), rows)
        for case in cases:
            trial.ask(case, _encode(case, encoder))
            advance(1)
    return trial.run


def _make_case(voice: Voice, ids: dict[str, str]) -> Case:
    missing = voice.answers - ids.keys()
    if missing:
        raise ValueError(f"Submission {voice.id} names {', '.join(sorted(missing))}, not there.")
    return Case(
        id=voice.id,
        kind=_name_kind(voice),
        query=voice.query,
        right=frozenset(ids[name] for name in voice.answers),
        tempting=ids.get(voice.lookalike_of) if voice.lookalike_of else None,
    )


def _encode(case: Case, encoder: Encoder | None) -> Rows | None:
    if encoder is None:
        return None
    rows: Rows = encoder.encode([build_text(case.query.title, case.query.body)])[0]
    return rows


def _name_kind(voice: Voice) -> str:
    if voice.lookalike_of is not None:
        return LOOKALIKE
    return OWN_WORDS if voice.target is not None else NO_ISSUE
