"""One value of a score file: read as what it should be, or refused in words.

Numbers never pass through binary floating point, and none is so large or so fine that exact
arithmetic with it would take long.
"""

import re
from collections.abc import Callable, Collection
from datetime import date
from decimal import Decimal
from typing import Any

from scoring.domain.records import Key

LARGEST = Decimal(10) ** 15
FINEST = -30  # exponent of the last digit
SHOWN = 40  # characters of a refused value
AMOUNT = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?", re.ASCII)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)

Parser = Callable[[Any], Any]


class Unfit(ValueError):
    """A value that is not what its key asks for; the message says what would be."""


def parse_key(value: Any) -> Key:
    """A text that is not empty, or a whole number."""
    if isinstance(value, str) and value:
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise Unfit("a text or a whole number")


def parse_flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise Unfit("true or false")


def parse_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise Unfit("a text")


def parse_texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise Unfit("a list of texts")


def parse_day(value: Any) -> date:
    expected = 'a day such as "2026-03-15"'
    if not (isinstance(value, str) and DAY.fullmatch(value)):
        raise Unfit(expected)
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise Unfit(expected) from error


def parse_amount(value: Any) -> Decimal:
    """Money, as a number or a text of digits; below 0 is read, and scored as 0."""
    if isinstance(value, str) and AMOUNT.fullmatch(value) and len(value) <= SHOWN:
        value = Decimal(value)
    number = _find_number(value)
    if number is None:
        raise Unfit('an amount such as 120000 or "120000.00"')
    return number


def parse_number(value: Any) -> Decimal:
    number = _find_number(value)
    if number is None or number < 0:
        raise Unfit("a number of 0 or more")
    return number


def parse_percent(value: Any) -> Decimal:
    number = _find_number(value)
    if number is None or not 0 <= number <= 100:
        raise Unfit("a percentage from 0 to 100")
    return number


def parse_count(value: Any) -> int:
    number = _find_whole(value)
    if number is None or number < 0:
        raise Unfit("a whole number of 0 or more")
    return number


def parse_points(value: Any) -> int:
    """Any whole number; scores clamp it to 1..10."""
    number = _find_whole(value)
    if number is None:
        raise Unfit("a whole number")
    return number


def parse_step(value: Any) -> int:
    number = _find_whole(value)
    if number not in {1, 2, 3}:
        raise Unfit("1, 2 or 3")
    return number


def choose(names: Collection[str], make: Callable[[str], Any]) -> Parser:
    """One of a few words, made into what they stand for."""

    def parse(value: Any) -> Any:
        if isinstance(value, str) and value in names:
            return make(value)
        raise Unfit(f"one of {', '.join(names)}")

    return parse


def describe(value: Any) -> str:
    """A refused value on one line, cut short."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _find_number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    exponent = number.as_tuple().exponent
    if isinstance(exponent, str) or exponent < FINEST:
        return None
    return number if number.copy_abs() <= LARGEST else None


def _find_whole(value: Any) -> int | None:
    number = _find_number(value)
    return int(number) if number is not None and number == int(number) else None
