"""Texts become unit vectors that lie close when they mean the same."""

from pathlib import Path

import numpy as np

from intake.matching.embedding.encoder import TOKENS, WIDTH, Encoder, build_text
from tests.intake.matching.embedding.conftest import TEXTS
from tests.intake.matching.index_desk import run_in_child


def test_one_unit_row_for_each_text(encoder: Encoder) -> None:
    rows = encoder.encode(TEXTS)
    assert rows.shape == (len(TEXTS), WIDTH)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert encoder.encode([]).shape == (0, WIDTH)


def test_meaning_counts_not_words(encoder: Encoder) -> None:
    ours, passkey, csv, theme = encoder.encode(
        ["Our people must log on with a security token, passwords are forbidden", *TEXTS[:3]]
    )
    assert ours @ passkey > max(ours @ csv, ours @ theme) + 0.1


def test_company_and_threads_change_nothing(model_directory: Path, encoder: Encoder) -> None:
    alone = np.concatenate([encoder.encode([text]) for text in TEXTS])
    assert np.array_equal(encoder.encode(TEXTS), alone)
    assert np.array_equal(Encoder(model_directory, threads=3).encode(TEXTS), alone)


def test_only_the_head_of_a_long_text_counts(encoder: Encoder) -> None:
    head = "word " * TOKENS
    one, other = encoder.encode([head + "passkey", head + "spreadsheet " * 50_000])
    assert np.array_equal(one, other)


def test_any_text_has_a_vector(encoder: Encoder) -> None:
    rows = encoder.encode(["", "\ud800 half a character", "\x00", "🦊" * 500, "x" * 100_000])
    assert np.isfinite(rows).all()


def test_title_and_body_are_trimmed_as_for_the_index() -> None:
    assert build_text("Title", "Body") == "Title\nBody"
    log = "\n".join(f"2026-01-05 12:00:{n % 60:02} ERROR {n}" for n in range(500))
    assert len(build_text("t" * 900, log)) < 1_500


def test_a_forked_child_opens_its_own(encoder: Encoder) -> None:
    mine = encoder.encode(TEXTS)

    def compare() -> None:
        assert np.array_equal(encoder.encode(TEXTS), mine)

    assert run_in_child(compare) == 0
