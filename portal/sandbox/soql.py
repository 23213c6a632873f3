"""Answers SOQL over the sandbox's records: names in any case, text compared without case."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from portal.sandbox.salesforce.records import lengthen_id
from portal.sandbox.salesforce.schema import ID_KINDS, NUMBER_KINDS, TEXT_KINDS, Schema, SField
from portal.sandbox.soql_parser import Comparison, Condition, Group, Query, parse_soql
from portal.sandbox.soql_tokens import Literal, SoqlError
from portal.sandbox.state import Row

Rows = dict[str, dict[str, Row]]
Test = Callable[[Row], bool]

FITTING = {
    "boolean": ("boolean",),
    "date": ("date",),
    "datetime": ("datetime",),
    **dict.fromkeys(NUMBER_KINDS, ("number",)),
    **dict.fromkeys(TEXT_KINDS | ID_KINDS, ("string",)),
}


@dataclass(frozen=True, slots=True)
class Path:
    """From a record over its references to a field."""

    steps: tuple[SField, ...]
    field: SField

    def read(self, row: Row | None, rows: Rows) -> Any:
        for step in self.steps:
            if row is None:
                return None
            row = rows.get(step.target, {}).get(row[step.name] or "")
        return None if row is None else row[self.field.name]


class Engine:
    """Runs queries against `rows`. Raises SoqlError."""

    def __init__(self, schema: Schema, rows: Rows) -> None:
        self.schema = schema
        self.rows = rows

    def run(self, text: str, *, include_deleted: bool = False) -> tuple[int, list[Row]]:
        """How many match, and the records as Salesforce shows them (none for COUNT())."""
        query = parse_soql(text)
        source = self.schema.find_object(query.source)
        if source is None:
            words = f"sObject type '{query.source}' is not supported."
            raise SoqlError(words, "INVALID_TYPE")
        paths = [self.find_path(source, name) for name in query.fields]
        test = self._build_test(source, query.where) if query.where else None
        found = [
            row
            for row in self.rows.get(source, {}).values()
            if (include_deleted or not row["IsDeleted"]) and (test is None or test(row))
        ]
        found = self._cut(self._sort(source, found, query), query)
        if not query.fields:
            return len(found), []
        return len(found), [self._show(source, row, paths) for row in found]

    def find_path(self, source: str, dotted: str) -> Path:
        *relations, last = dotted.split(".")
        name, steps = source, []
        if relations and relations[0].lower() == source.lower():
            relations = relations[1:]
        for relation in relations:
            step = self.schema.find_relationship(name, relation)
            if step is None:
                words = f"Didn't understand relationship '{relation}' in field path."
                raise SoqlError(words, "INVALID_FIELD")
            steps.append(step)
            name = step.target
        field = self.schema.find_field(name, last)
        if field is None:
            words = f"No such column '{last}' on entity '{name}'."
            raise SoqlError(words, "INVALID_FIELD")
        return Path(tuple(steps), field)

    def _cut(self, rows: list[Row], query: Query) -> list[Row]:
        if query.offset > 2000:
            raise SoqlError("Maximum SOQL offset allowed is 2000", "NUMBER_OUTSIDE_VALID_RANGE")
        end = None if query.limit is None else query.offset + query.limit
        return rows[query.offset : end]

    def _sort(self, source: str, rows: list[Row], query: Query) -> list[Row]:
        """Nulls come first unless the query says last, in either direction."""
        rows = sorted(rows, key=lambda row: str(row["Id"]))
        for dotted, descending, nulls_last in reversed(query.order):
            path = self.find_path(source, dotted)
            valued = [(row, path.read(row, self.rows)) for row in rows]
            empty = [row for row, value in valued if value is None]
            full = [(row, fold(path.field, value)) for row, value in valued if value is not None]
            full.sort(key=lambda pair: pair[1], reverse=descending)
            ordered = [row for row, _ in full]
            rows = ordered + empty if nulls_last else empty + ordered
        return rows

    def _build_test(self, source: str, condition: Condition) -> Test:
        if isinstance(condition, Group):
            tests = [self._build_test(source, part) for part in condition.parts]
            if condition.word == "not":
                return lambda row: not tests[0](row)
            if condition.word == "and":
                return lambda row: all(test(row) for test in tests)
            return lambda row: any(test(row) for test in tests)
        path = self.find_path(source, condition.path)
        check = build_check(path.field, condition)
        return lambda row: check(path.read(row, self.rows))

    def _show(self, source: str, row: Row, paths: Sequence[Path]) -> Row:
        shown = self._attributes(source, row)
        for path in paths:
            self._show_path(shown, row, path)
        return shown

    def _show_path(self, holder: Row, here: Row, path: Path) -> None:
        """Records reached over references nest under the relationship's name; none is null."""
        for step in path.steps:
            parent = self.rows.get(step.target, {}).get(here[step.name] or "")
            if parent is None:
                holder[step.relationship] = None
                return
            here = parent
            holder = holder.setdefault(step.relationship, self._attributes(step.target, here))
        holder[path.field.name] = here[path.field.name]

    def _attributes(self, name: str, row: Row) -> Row:
        url = f"/services/data/v{self.schema.version}/sobjects/{name}/{row['Id']}"
        return {"attributes": {"type": name, "url": url}}


def fold(field: SField, value: Any) -> Any:
    """A stored value, made comparable: text without case, ids long, dates as dates."""
    if value is None:
        return None
    if field.kind in ID_KINDS:
        return lengthen_id(str(value))
    if field.kind in TEXT_KINDS:
        return str(value).lower()
    if field.kind == "date":
        return date.fromisoformat(str(value))
    if field.kind == "datetime":
        return datetime.fromisoformat(str(value)).astimezone(UTC)
    return value


def build_check(field: SField, comparison: Comparison) -> Callable[[Any], bool]:
    operator = comparison.operator
    for literal in comparison.values:
        _check_kind(field, operator, literal)
    if operator == "like":
        pattern = like_pattern(comparison.values[0].raw)
        return lambda value: value is not None and bool(pattern.fullmatch(str(value)))
    wanted = [_fold_literal(field, literal) for literal in comparison.values]
    if operator in ("=", "in"):
        return lambda value: fold(field, value) in wanted
    if operator in ("!=", "not in"):
        return lambda value: fold(field, value) not in wanted
    return _build_order_check(field, operator, wanted[0])


def _build_order_check(field: SField, operator: str, wanted: Any) -> Callable[[Any], bool]:
    compare: dict[str, Callable[[Any], bool]] = {
        "<": lambda value: value < wanted,
        "<=": lambda value: value <= wanted,
        ">": lambda value: value > wanted,
        ">=": lambda value: value >= wanted,
    }
    check = compare[operator]
    return lambda value: value is not None and check(fold(field, value))


def _fold_literal(field: SField, literal: Literal) -> Any:
    if literal.value is None or literal.kind != "string":
        return literal.value
    if field.kind in ID_KINDS:
        return lengthen_id(literal.value)
    return str(literal.value).lower()


def _check_kind(field: SField, operator: str, literal: Literal) -> None:
    if operator == "like" and (field.kind not in TEXT_KINDS or literal.kind != "string"):
        raise SoqlError(f"invalid operator on {field.kind} field", "INVALID_QUERY_FILTER_OPERATOR")
    ordering = operator in ("<", "<=", ">", ">=")
    if ordering and (field.kind == "boolean" or field.kind in ID_KINDS or literal.kind == "null"):
        raise SoqlError(f"invalid operator on {field.kind} field", "INVALID_QUERY_FILTER_OPERATOR")
    if literal.kind != "null" and literal.kind not in FITTING[field.kind]:
        words = f"value of filter criterion for field '{field.name}' must be of type {field.kind}"
        if literal.kind == "string":
            words += " and should not be enclosed in quotes"
        raise SoqlError(words, "INVALID_FIELD")
    if field.kind in ID_KINDS and literal.kind == "string" and not _is_id(literal.value):
        raise SoqlError(f"invalid ID field: {literal.value}", "INVALID_QUERY_FILTER_OPERATOR")


def _is_id(text: str) -> bool:
    if re.fullmatch(r"[A-Za-z0-9]{15}", text):
        return True
    return bool(re.fullmatch(r"[A-Za-z0-9]{18}", text)) and lengthen_id(text[:15]) == text


def like_pattern(raw: str) -> re.Pattern[str]:
    r"""`%` any run, `_` any one; `\%` and `\_` are those characters."""
    parts: list[str] = []
    for mark, plain in re.findall(r"(\\.|[%_])|([^\\%_]+)", raw, flags=re.DOTALL):
        if plain:
            parts.append(re.escape(plain))
        elif mark in "%_":
            parts.append(".*" if mark == "%" else ".")
        else:
            escapes = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
            parts.append(re.escape(escapes.get(mark[1], mark[1])))
    return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)
