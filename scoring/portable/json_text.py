"""JSON as Python values, its numbers exact."""

import json
from decimal import Decimal, InvalidOperation
from typing import Any

from scoring.portable.errors import UnfitFile
from scoring.portable.fields import describe

LONGEST_WHOLE = 30  # digits; beyond them nothing is a number that anybody meant


def parse_json(content: bytes) -> Any:
    """Numbers with a point are Decimals; so are NaN and Infinity, for their field to refuse.

    Raises UnfitFile for what is not JSON, and for a key that stands twice in one object.
    """
    try:
        return json.loads(
            content,
            parse_float=_parse_float,
            parse_int=_parse_int,
            parse_constant=Decimal,
            object_pairs_hook=_refuse_twice,
        )
    except RecursionError as error:
        raise UnfitFile(["The file is nested too deeply."]) from error
    except UnicodeDecodeError as error:
        raise UnfitFile(["The file is not JSON: it is not in UTF-8."]) from error
    except json.JSONDecodeError as error:
        raise UnfitFile([f"The file is not JSON: {error}."]) from error


def _parse_float(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent of twenty digits
        return Decimal("Infinity")


def _parse_int(text: str) -> int | Decimal:
    return int(text) if len(text) <= LONGEST_WHOLE else Decimal(text)


def _refuse_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise UnfitFile([f"The key {describe(key)} stands twice in one object."])
        found[key] = value
    return found
