import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from intake.matching.records import Query
from intake.matching.voices import Voice, read_voices

ROW = {
    "id": "v-1",
    "title": "Print the shift plan",
    "problem": "Drivers have no screen.",
    "current_solution": "A photo of it.",
    "target": "A-1",
    "also_ok": ["A-4", "A-9"],
    "lookalike_of": "A-2",
}
WISH = {"id": "v-2", "title": "A siren", "problem": "Nobody looks.", "target": None}

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_lines(*lines: str | dict[str, object]) -> Path:
        path = tmp_path / "voices.jsonl"
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        path.write_text("\n".join(texts), "utf-8")
        return path

    return write_lines


def test_a_row_is_read_whole(write: Write) -> None:
    [voice] = read_voices(write(ROW))
    assert voice == Voice(**{**ROW, "also_ok": ("A-4", "A-9")})
    assert voice.answers == {"A-1", "A-4", "A-9"}


def test_it_is_asked_as_the_portal_asks(write: Write) -> None:
    voice, wish = read_voices(write(ROW, WISH))
    assert voice.query == Query("Print the shift plan", "Drivers have no screen.\nA photo of it.")
    assert wish.query == Query("A siren", "Nobody looks.")


def test_a_wish_that_nothing_covers_has_no_answer(write: Write) -> None:
    [wish] = read_voices(write(WISH | {"also_ok": []}))
    assert (wish.target, wish.answers, wish.lookalike_of) == (None, frozenset(), None)


def test_the_order_stays_and_empty_lines_and_other_keys_do_not_matter(write: Write) -> None:
    voices = read_voices(write(WISH | {"not": ["A-3"]}, "", ROW, ""))
    assert [voice.id for voice in voices] == ["v-2", "v-1"]


def test_a_packed_file_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "voices.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(ROW).encode()))
    assert [voice.id for voice in read_voices(path)] == ["v-1"]


@pytest.mark.parametrize(
    "line",
    [
        "no json",
        "[]",
        "{}",
        {key: value for key, value in WISH.items() if key != "target"},
        ROW | {"id": 7},
        ROW | {"title": None},
        ROW | {"target": 12},
        ROW | {"also_ok": "A-4"},
        ROW | {"also_ok": [4]},
        ROW | {"target": None},
        ROW | {"lookalike_of": "A-4"},
        WISH,
    ],
)
def test_a_line_that_is_no_submission_is_named(write: Write, line: str | dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"^Line 3 "):
        read_voices(write(WISH, "", line))
