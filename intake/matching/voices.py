"""Submissions in customers' own words, and the issues that answer them."""

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

from intake.matching.records import Query


@dataclass(frozen=True, slots=True)
class Voice:
    """One line of the file. Issues are named by the ids of the issue file.

    Without a `target` no issue fits, and none may be certain. `lookalike_of` is the issue
    that tempts: alike but for the decisive point.
    """

    id: str
    title: str
    problem: str
    current_solution: str
    target: str | None
    also_ok: tuple[str, ...]
    lookalike_of: str | None

    @property
    def query(self) -> Query:
        """As the portal asks for a submission."""
        return Query(self.title, f"{self.problem}\n{self.current_solution}".strip())

    @property
    def answers(self) -> frozenset[str]:
        """The issues that are right, each as good as the target; none without a target."""
        return frozenset() if self.target is None else frozenset((self.target, *self.also_ok))


def read_voices(path: Path) -> list[Voice]:
    """JSON lines, plain or gzipped, in the order of the file.

    Each has id, title, problem and target (an issue's id or null), and may have
    current_solution, also_ok (a list of ids) and lookalike_of (an id); other keys are left
    alone. Raises ValueError naming a line that is otherwise or repeats an id.
    """
    voices: dict[str, Voice] = {}
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                voice = _read_voice(line)
                if voice.id in voices:
                    raise ValueError(f"the id {voice.id!r} was there before")
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                raise ValueError(f"Line {number} is not a submission: {error!r}") from error
            voices[voice.id] = voice
    return list(voices.values())


def _read_voice(line: str) -> Voice:
    row = json.loads(line)
    voice = Voice(
        id=_check_text(row["id"]),
        title=_check_text(row["title"]),
        problem=_check_text(row["problem"]),
        current_solution=_check_text(row.get("current_solution") or ""),
        target=_check_reference(row["target"]),
        also_ok=_check_references(row.get("also_ok") or []),
        lookalike_of=_check_reference(row.get("lookalike_of")),
    )
    if voice.target is None and voice.also_ok:
        raise ValueError("also_ok needs a target")
    if voice.lookalike_of in voice.answers:
        raise ValueError("lookalike_of is one of the right answers")
    return voice


def _check_references(values: object) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise TypeError(f"{values!r} is not a list")
    return tuple(map(_check_text, values))


def _check_reference(value: object) -> str | None:
    return None if value is None else _check_text(value)


def _check_text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    return value
