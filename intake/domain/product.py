"""The product as people outside know it: areas, features, use cases, from one reviewed file."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

MATURITIES = frozenset(
    {"ga", "partial_ga", "beta", "experimental", "not_implemented", "deprecated"}
)


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the product: what the form offers, who is asked, which group owns it."""

    key: str
    title: str
    group_label: str
    product_manager: str


@dataclass(frozen=True, slots=True)
class Feature:
    key: str
    title: str
    area: str
    group_label: str
    maturity: str
    use_cases: tuple[str, ...]
    docs: str


@dataclass(frozen=True, slots=True)
class Product:
    areas: dict[str, Area]
    features: dict[str, Feature]


@cache
def read_product(path: Path) -> Product:
    """The product file as records. Raises OSError, or ValueError naming the entry at fault."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ValueError(f"{path.name} is not YAML{_locate(error)}.") from error
    if not isinstance(data, dict) or not data.get("areas"):
        raise ValueError(f"{path.name} has no areas.")
    areas = {key: _read_area(key, entry) for key, entry in _entries(data, "areas")}
    features = {key: _read_feature(key, entry, areas) for key, entry in _entries(data, "features")}
    return Product(areas, features)


def _locate(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f", line {mark.line + 1}" if mark else ""


def _entries(data: dict[str, Any], name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    listed = data.get(name) or {}
    if not isinstance(listed, dict):
        raise ValueError(f"{name} must map keys to entries.")
    for key, entry in listed.items():
        if not isinstance(key, str) or not isinstance(entry, dict):
            raise ValueError(f"{key}: this is not an entry with a title.")
        yield key, entry


def _read_area(key: str, entry: dict[str, Any]) -> Area:
    return Area(
        key=key,
        title=_text(key, entry, "title"),
        group_label=_text(key, entry, "group_label"),
        product_manager=_text(key, entry, "product_manager"),
    )


def _read_feature(key: str, entry: dict[str, Any], areas: dict[str, Area]) -> Feature:
    if entry.get("area") not in areas:
        raise ValueError(f"{key}: {entry.get('area')!r} is not an area.")
    if entry.get("maturity") not in MATURITIES:
        raise ValueError(f"{key}: {entry.get('maturity')!r} is not a maturity.")
    return Feature(
        key=key,
        title=_text(key, entry, "title"),
        area=entry["area"],
        group_label=entry.get("group_label") or areas[entry["area"]].group_label,
        maturity=entry["maturity"],
        use_cases=_texts(key, entry.get("use_cases") or []),
        docs=_texts(key, [entry.get("docs") or ""])[0],
    )


def _texts(key: str, values: object) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ValueError(f"{key}: use_cases is a list of texts, docs one address.")
    return tuple(values)


def _text(key: str, entry: dict[str, Any], name: str) -> str:
    value = entry.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{key}: {name} is missing.")
    return value.strip()
