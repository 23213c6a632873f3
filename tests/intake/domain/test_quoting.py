"""Quoted text runs nothing in GitLab and calls nobody."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.domain.quoting import QUOTE_LIMIT, TITLE_LIMIT, quote, quote_line

ANY_TEXT = st.text(max_size=300)
HOSTILE = st.lists(
    st.sampled_from(
        ["/close", "@all", "~bug", "\n", "\r", "\r\n", "\u2028", "\x0b", "\x00", "\\", "`", "```",
         "<", ">", "[", "]", "(", ")", "!", "#1", "&#64;all", "&commat;all", "%17.3", "$1", "a",
         " ",
         "\t", ">>>", "/", "\u202e", "\u200b", "https://x.example/"]
    ),
    max_size=30,
).map("".join)  # fmt: skip
# https://docs.gitlab.com/user/markdown/#gitlab-specific-references
REFERENCES = re.compile(r"@[\w.]|~[\w\"]|#\d|!\d|%[\w\"]|\$\d|&\d|&#|&\w+;|\^\w")
QUICK_ACTION = re.compile(r"^\s*/\w", re.MULTILINE)


@given(ANY_TEXT | HOSTILE)
def test_every_line_is_quoted_and_none_runs_anything(text: str) -> None:
    quoted = quote(text)
    assert all(line == ">" or line.startswith("> ") for line in quoted.split("\n"))
    assert not QUICK_ACTION.search(quoted)
    assert not re.search(r"[\r\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]", quoted)


@given(ANY_TEXT | HOSTILE)
def test_nobody_and_nothing_is_referred_to(text: str) -> None:
    assert not REFERENCES.search(quote(text))
    assert not REFERENCES.search(quote_line(text))


@given(ANY_TEXT | HOSTILE)
def test_no_markup_survives(text: str) -> None:
    """Every sign that Markdown or HTML would act on stands behind one backslash of ours."""
    for line in quote(text).split("\n"):
        bare = re.sub(r"\\[\\\[\]<>`]", "", line.removeprefix(">"))
        assert not re.search(r"[\\\[\]<>`]", bare)


@given(ANY_TEXT | HOSTILE)
def test_a_title_is_one_short_line(text: str) -> None:
    title = quote_line(text)
    assert len(title) <= TITLE_LIMIT
    assert title == title.strip()
    assert not title.startswith("/")
    assert not any(unicodedata.category(sign) in {"Cc", "Zl"} for sign in title)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Please fix it.", "> Please fix it."),
        ("One\n\nTwo", "> One\n>\n> Two"),
        ("", ">"),
        ("  indented", "> indented"),
        ("/close", "> /close"),
        ("@all", "> @\u2060all"),
        (
            "50 % off, AT&T, 5 & 6, wow! C# $HOME",
            "> 50 % off, AT&\u2060T, 5 & 6, wow! C# $\u2060HOME",
        ),
        ("<b>[x](y)</b> `z`", "> \\<b\\>\\[x\\](y)\\</b\\> \\`z\\`"),
        ("\\<img src=x>", "> \\\\\\<img src=x\\>"),
    ],
)
def test_words_stay_readable(text: str, quoted: str) -> None:
    assert quote(text) == quoted


def test_a_long_answer_is_cut() -> None:
    quoted = quote("word " * 5000)
    assert len(quoted) < QUOTE_LIMIT + 10
    assert quoted.endswith(" …")
