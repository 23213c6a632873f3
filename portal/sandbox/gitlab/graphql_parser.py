"""Reads one GraphQL query: selections, aliases, arguments, variables. No fragments."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

TOKEN = re.compile(
    r"(?P<skip>[\s,\ufeff]+|\#[^\n]*)"
    r'|(?P<string>"(?:[^"\\\n]|\\.)*")'
    r"|(?P<number>-?\d+(?:\.\d+)?)"
    r"|(?P<name>[_A-Za-z]\w*)"
    r"|(?P<mark>\.\.\.|[{}()\[\]:$!=@&|])"
)
LITERALS = {"true": True, "false": False, "null": None}


class GraphQLProblem(ValueError):
    """Something the server answers with an entry in `errors`."""


@dataclass(slots=True)
class Field:
    name: str
    alias: str
    arguments: dict[str, Any] = field(default_factory=dict)
    selections: list["Field"] = field(default_factory=list)


def parse_operation(text: str, variables: dict[str, Any]) -> list[Field]:
    """The top selections of the only query in `text`. Raises GraphQLProblem."""
    return _Parser(text, variables).read_operation()


class _Parser:
    def __init__(self, text: str, variables: dict[str, Any]) -> None:
        self.tokens = _split(text)
        self.at = 0
        self.variables = dict(variables)

    def _peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        if not token:
            raise GraphQLProblem("Expected more, actual: end of file")
        self.at += 1
        return token

    def _take(self, wanted: str) -> bool:
        if self._peek() == wanted:
            self.at += 1
            return True
        return False

    def _expect(self, wanted: str) -> None:
        if not self._take(wanted):
            raise GraphQLProblem(f"Expected {wanted!r}, actual: {self._peek()!r}")

    def _name(self) -> str:
        token = self._next()
        if not re.fullmatch(r"[_A-Za-z]\w*", token):
            raise GraphQLProblem(f"Expected NAME, actual: {token!r}")
        return token

    def read_operation(self) -> list[Field]:
        if self._take("query"):
            if self._peek() not in ("(", "{"):
                self._name()
            if self._take("("):
                self._read_definitions()
        elif self._peek() != "{":
            raise GraphQLProblem(f"Only queries are answered, actual: {self._peek()!r}")
        fields = self._read_selections()
        if self._peek():
            raise GraphQLProblem(f"Expected the end of the query, actual: {self._peek()!r}")
        return fields

    def _read_definitions(self) -> None:
        while not self._take(")"):
            self._expect("$")
            name = self._name()
            self._expect(":")
            required = self._skip_type()
            if self._take("="):
                self.variables.setdefault(name, self._read_value())
            if required and self.variables.get(name) is None:
                words = f"Variable ${name} of type was provided invalid value"
                raise GraphQLProblem(words)
            self.variables.setdefault(name, None)

    def _skip_type(self) -> bool:
        if self._take("["):
            self._skip_type()
            self._expect("]")
        else:
            self._name()
        return self._take("!")

    def _read_selections(self) -> list[Field]:
        self._expect("{")
        fields: list[Field] = []
        while not self._take("}"):
            if self._peek() in ("...", "@"):
                raise GraphQLProblem("Fragments and directives are not answered here")
            fields.append(self._read_field())
        if not fields:
            raise GraphQLProblem("Expected NAME, actual: '}'")
        return fields

    def _read_field(self) -> Field:
        name = alias = self._name()
        if self._take(":"):
            name = self._name()
        made = Field(name, alias)
        if self._take("("):
            while not self._take(")"):
                argument = self._name()
                self._expect(":")
                made.arguments[argument] = self._read_value()
        if self._peek() == "{":
            made.selections = self._read_selections()
        return made

    def _read_value(self) -> Any:
        text = self._next()
        if text == "$":
            name = self._name()
            if name not in self.variables:
                raise GraphQLProblem(f"Variable ${name} is used but not declared")
            return self.variables[name]
        if text == "[":
            values = []
            while not self._take("]"):
                values.append(self._read_value())
            return values
        if text.startswith('"') or re.fullmatch(r"-?\d+(\.\d+)?", text):
            return json.loads(text)
        if re.fullmatch(r"[_A-Za-z]\w*", text):
            return LITERALS.get(text, text)
        raise GraphQLProblem(f"Expected a value, actual: {text!r}")


def _split(text: str) -> list[str]:
    tokens: list[str] = []
    at = 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise GraphQLProblem(f"Unexpected character {text[at]!r} at {at}")
        if match.lastgroup != "skip":
            tokens.append(match[0])
        at = match.end()
    return tokens
