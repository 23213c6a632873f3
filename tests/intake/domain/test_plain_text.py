"""Pasted text: regular, and without anything hidden."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.domain.plain_text import find_hidden, make_regular


@pytest.mark.parametrize(
    ("pasted", "regular"),
    [
        ("  a line \r\nand\ranother ", "a line \nand\nanother"),
        ("soft\u00adhyphen and zero\u200bwidth", "softhyphen and zerowidth"),
        ("\u200b \ufeff\n", ""),
        ("\u2800\u2800", ""),
        ("नमस्ते", "नमस्ते"),
        ("👩\u200d💻 works", "👩\u200d💻 works"),
    ],
)
def test_make_regular(pasted: str, regular: str) -> None:
    assert make_regular(pasted) == regular


@pytest.mark.parametrize(
    ("text", "found"),
    [("plain\ttext\n", ""), ("nul\0", "U+0000"), ("esc\x1b[1m", "U+001B"), ("\u202etxt", "U+202E")],
)
def test_find_hidden(text: str, found: str) -> None:
    assert find_hidden(text) == found


@given(st.text())
def test_regular_text_stays_as_it_is(text: str) -> None:
    once = make_regular(text)
    assert make_regular(once) == once
