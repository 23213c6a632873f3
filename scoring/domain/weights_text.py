"""Weights as JSON, as versions are kept, and by dotted names, as forms and addresses hold them.

Numbers with a point are text, so that they pass through no binary floating point.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from scoring.domain.rounding import to_plain
from scoring.domain.weights import Fault, InvalidWeights, Model, Weights, check_weights

NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?", re.ASCII)
LARGEST_COUNT = 2**31 - 1
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Change:
    """What one tuned value was and is, by its dotted name; None where there is no number."""

    field: str
    before: Any
    after: Any


def write_weights(weights: Weights) -> dict[str, Any]:
    """Ready for JSON: objects in objects, named as the records' fields."""
    written: dict[str, Any] = _write(weights)
    return written


def parse_weights(content: Mapping[str, Any]) -> Weights:
    """What is missing has its default. Raises InvalidWeights, naming every fault at once."""
    faults: list[Fault] = []
    weights = _parse_record(Weights(), content, "", faults)
    if faults:
        raise InvalidWeights(tuple(faults))
    check_weights(weights)
    return weights


def flatten(content: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """{"retention": {"red": {"near": "4"}}} as {"retention.red.near": "4"}."""
    flat: dict[str, Any] = {}
    for name, value in content.items():
        if isinstance(value, Mapping):
            flat |= flatten(value, f"{path}{name}.")
        else:
            flat[f"{path}{name}"] = value
    return flat


def nest(flat: Mapping[str, Any]) -> dict[str, Any]:
    """The other way round. No name may be both a value and the beginning of another."""
    content: dict[str, Any] = {}
    for path, value in flat.items():
        *rooms, name = path.split(".")
        place = content
        for room in rooms:
            place = place.setdefault(room, {})
        place[name] = value
    return content


def find_changes(before: Weights, after: Weights) -> list[Change]:
    """In the order of the record's fields."""
    old, new = flatten(write_weights(before)), flatten(write_weights(after))
    return [Change(name, old[name], value) for name, value in new.items() if value != old[name]]


def _write(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _write(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Decimal):
        return to_plain(Fraction(value))
    return str(value) if isinstance(value, Model) else value


def _parse_record(default: R, content: Any, path: str, faults: list[Fault]) -> R:
    """The default with what the content says instead."""
    if not isinstance(content, Mapping):
        faults.append(Fault(path.rstrip("."), "An object is expected."))
        return default
    known = {field.name for field in fields(default)}  # type: ignore[arg-type]
    faults += [Fault(f"{path}{name}", "Unknown.") for name in content if name not in known]
    given = {
        name: _parse(getattr(default, name), content[name], f"{path}{name}", faults)
        for name in known
        if name in content
    }
    return replace(default, **given)  # type: ignore[type-var]


def _parse(default: Any, value: Any, path: str, faults: list[Fault]) -> Any:
    if is_dataclass(default):
        return _parse_record(default, value, f"{path}.", faults)
    problem = next(_find_problems(default, value), None)
    if problem:
        faults.append(Fault(path, problem))
        return default
    if isinstance(default, Decimal):
        return Decimal(value)
    return Model(value) if isinstance(default, Model) else value


def _find_problems(default: Any, value: Any) -> Iterator[str]:
    """What a value must be is told by its default; None by default: a count, or nothing."""
    if isinstance(default, Model):
        if value not in list(Model):
            yield "There is no such model."
    elif isinstance(default, bool):
        if not isinstance(value, bool):
            yield "True or false is expected."
    elif isinstance(default, Decimal):
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if not (isinstance(text, str) and NUMBER.fullmatch(text)):
            yield "A number such as 1.5 is expected."
    elif not (_is_count(value) or (default is None and value is None)):
        yield "A whole number is expected."


def _is_count(value: Any) -> bool:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return is_whole and 0 <= value <= LARGEST_COUNT
