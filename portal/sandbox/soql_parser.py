"""Reads SOQL. Whatever is not understood is MALFORMED_QUERY, never silently something else.

https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/
"""

import re
from dataclasses import dataclass, field

from portal.sandbox.soql_tokens import Literal, SoqlError, make_literal, split_tokens

OPERATORS = ("=", "!=", "<>", "<", "<=", ">", ">=")
RESERVED = frozenset(
    re.split(
        " ",
        "and asc by desc false first for from group having in last like limit not null nulls "
        "offset or order select true update using where",
    )
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`operator` is =, !=, <, <=, >, >=, like, in or not in; `values` has one but for the lists."""

    path: str
    operator: str
    values: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """`word` is and, or, or not."""

    word: str
    parts: tuple["Condition", ...]


Condition = Comparison | Group


@dataclass(slots=True)
class Query:
    """`fields` empty means COUNT(). `order` holds (path, descending, nulls last)."""

    fields: list[str]
    source: str
    where: Condition | None = None
    order: list[tuple[str, bool, bool]] = field(default_factory=list)
    limit: int | None = None
    offset: int = 0


def parse_soql(text: str) -> Query:
    """Raises SoqlError."""
    return _Parser(split_tokens(text)).read_query()


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = [*tokens, ("end", "<EOF>")]
        self.at = 0

    def _word(self) -> str:
        kind, text = self.tokens[self.at]
        return text.lower() if kind in ("name", "mark") else ""

    def _take(self, *words: str) -> bool:
        """Take these words if they come next, all of them or none."""
        ahead = self.tokens[self.at : self.at + len(words)]
        if [t.lower() for k, t in ahead if k in ("name", "mark")] != list(words):
            return False
        self.at += len(words)
        return True

    def _fail(self) -> SoqlError:
        return SoqlError(f"unexpected token: '{self.tokens[self.at][1]}'")

    def _expect(self, word: str) -> None:
        if not self._take(word):
            raise self._fail()

    def _name(self) -> str:
        kind, text = self.tokens[self.at]
        if kind != "name" or text.lower() in RESERVED:
            raise self._fail()
        self.at += 1
        return text

    def read_query(self) -> Query:
        self._expect("select")
        fields = self._read_fields()
        self._expect("from")
        query = Query(fields, self._name())
        if self._take("where"):
            query.where = self._read_condition()
        if self._take("order", "by"):
            query.order = self._read_order()
        if self._take("limit"):
            query.limit = self._read_count()
        if self._take("offset"):
            query.offset = self._read_count()
        if self.tokens[self.at][0] != "end":
            raise self._fail()
        return query

    def _read_fields(self) -> list[str]:
        if self._take("count", "(", ")"):
            return []
        fields = [self._name()]
        while self._take(","):
            fields.append(self._name())
        seen: set[str] = set()
        for name in fields:
            if name.lower() in seen:
                raise SoqlError(f"duplicate field selected: {name}")
            seen.add(name.lower())
        return fields

    def _read_condition(self) -> Condition:
        """AND and OR side by side need parentheses, and so does NOT inside of them."""
        if self._take("not"):
            return Group("not", (self._read_simple(),))
        first = self._read_simple()
        word = self._word()
        if word not in ("and", "or"):
            return first
        parts = [first]
        while self._take(word):
            parts.append(self._read_simple())
        if self._word() in ("and", "or"):
            raise self._fail()
        return Group(word, tuple(parts))

    def _read_simple(self) -> Condition:
        if self._take("("):
            inner = self._read_condition()
            self._expect(")")
            return inner
        path = self._name()
        if self._take("like"):
            return Comparison(path, "like", (self._read_literal(),))
        if self._take("not", "in"):
            return Comparison(path, "not in", self._read_list())
        if self._take("in"):
            return Comparison(path, "in", self._read_list())
        operator = self._word()
        if operator not in OPERATORS:
            raise self._fail()
        self.at += 1
        return Comparison(path, "!=" if operator == "<>" else operator, (self._read_literal(),))

    def _read_list(self) -> tuple[Literal, ...]:
        self._expect("(")
        values = [self._read_literal()]
        while self._take(","):
            values.append(self._read_literal())
        self._expect(")")
        return tuple(values)

    def _read_literal(self) -> Literal:
        kind, text = self.tokens[self.at]
        literal = make_literal(kind, text)
        if literal is None:
            raise self._fail()
        self.at += 1
        return literal

    def _read_order(self) -> list[tuple[str, bool, bool]]:
        order = []
        while True:
            path = self._name()
            descending = self._take("desc")
            if not descending:
                self._take("asc")
            nulls_last = self._take("nulls", "last")
            if not nulls_last:
                self._take("nulls", "first")
            order.append((path, descending, nulls_last))
            if not self._take(","):
                return order

    def _read_count(self) -> int:
        kind, text = self.tokens[self.at]
        if kind != "number" or not text.isdigit():
            raise self._fail()
        self.at += 1
        return int(text)
