"""Cuts SOQL into tokens and reads its literals."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

TOKEN = re.compile(
    r"(?P<skip>\s+)"
    r"|(?P<datetime>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))"
    r"|(?P<date>\d{4}-\d\d-\d\d)(?![\w-])"
    r"|(?P<number>[+-]?\d+(?:\.\d+)?)(?![\w.])"
    r"|(?P<string>'(?:[^'\\\n]|\\.)*')"
    r"|(?P<name>[A-Za-z]\w*(?:\.[A-Za-z]\w*)*)"
    r"|(?P<mark><=|>=|!=|<>|[=<>(),])"
)
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


class SoqlError(Exception):
    """`code` is Salesforce's errorCode."""

    def __init__(self, message: str, code: str = "MALFORMED_QUERY") -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Literal:
    """`kind`: string, number, boolean, null, date or datetime. LIKE keeps its escapes in `raw`."""

    kind: str
    value: Any
    raw: str = ""


def split_tokens(text: str) -> list[tuple[str, str]]:
    """Kind and text of each. Raises SoqlError."""
    tokens: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise SoqlError(f"line 1:{at} no viable alternative at character {text[at]!r}")
        if match.lastgroup != "skip":
            tokens.append((str(match.lastgroup), match[0]))
        at = match.end()
    return tokens


def make_literal(kind: str, text: str) -> Literal | None:
    """None when the token is not a literal. Raises SoqlError for an impossible one."""
    if kind == "string":
        return Literal("string", _unescape(text[1:-1]), text[1:-1])
    if kind == "number":
        return Literal("number", float(text))
    try:
        if kind == "date":
            return Literal("date", date.fromisoformat(text))
        if kind == "datetime":
            return Literal("datetime", datetime.fromisoformat(text))
    except ValueError:
        raise SoqlError(f"Invalid date: {text}") from None
    words = {"null": ("null", None), "true": ("boolean", True), "false": ("boolean", False)}
    if kind == "name" and text.lower() in words:
        return Literal(*words[text.lower()])
    return None


def _unescape(raw: str) -> str:
    r"""Backslash sequences; `\_` and `\%` mean something in LIKE only and stay plain here."""

    def read(match: re.Match[str]) -> str:
        mark = match[1]
        if mark in ESCAPES:
            return ESCAPES[mark]
        if mark in "_%":
            return mark
        raise SoqlError(f"Illegal string literal: invalid escape \\{mark}")

    return re.sub(r"\\(.)", read, raw, flags=re.DOTALL)
