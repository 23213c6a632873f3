"""docs/security.md claims nothing that is not there, and leaves no requirement out."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`([\w/]+\.py)((?:::\w+)*)`")
BY_HAND = {"bandit", "operator", "review"}
DEVIATION = re.compile(r"\bD(\d+)\b")
NUMBERS = re.compile(r"V\d+\.\d+\.\d+(?:–V\d+\.\d+\.\d+)?")
# How many requirements of levels 1 and 2 each section of ASVS 5.0 has: always its first ones.
SECTIONS = {
    "V1": (2, 9, 11, 3, 2),
    "V2": (3, 3, 4, 1),
    "V3": (0, 2, 4, 6, 5, 0, 2),
    "V4": (3, 1, 2, 4),
    "V5": (1, 3, 2, 3),
    "V6": (3, 12, 4, 4, 5, 3, 0, 4),
    "V7": (3, 4, 2, 5, 2, 2),
    "V8": (2, 3, 1, 1),
    "V9": (3, 4),
    "V10": (2, 2, 4, 11, 5, 2, 3),
    "V11": (2, 3, 3, 4, 1, 1, 0),
    "V12": (3, 2, 4),
    "V13": (1, 5, 2, 5),
    "V14": (2, 4, 3),
    "V15": (3, 3, 7, 0),
    "V16": (1, 5, 4, 3, 3),
    "V17": (1, 4, 2),
}
ALL = [
    f"{chapter}.{section}.{number}"
    for chapter, sections in SECTIONS.items()
    for section, most in enumerate(sections, start=1)
    for number in range(1, most + 1)
]


def read_rows() -> list[list[str]]:
    """The cells of each line of the ASVS tables."""
    lines = [line for line in GUIDE.splitlines() if line.startswith("| V")]
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]


def expand(cell: str) -> Iterator[str]:
    """“V1.2.6–V1.2.8” is three numbers, all of one section."""
    for found in NUMBERS.findall(cell):
        first, _, last = found.partition("–")
        section, _, start = first.rpartition(".")
        for number in range(int(start), int((last or first).rpartition(".")[2]) + 1):
            yield f"{section}.{number}"


@cache
def list_tests(path: Path) -> frozenset[str]:
    """“test_x” and “TestY::test_x” of a file."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            found |= {
                f"{node.name}::{one.name}" for one in node.body if isinstance(one, ast.FunctionDef)
            }
    return frozenset(found)


def test_the_count_is_the_standards_own() -> None:
    assert len(ALL) == 253


def test_every_requirement_has_its_line_and_only_one() -> None:
    told = Counter(number for row in read_rows() for number in expand(row[0]))
    assert [number for number in ALL if told[number] != 1] == []
    assert sorted(set(told) - set(ALL)) == []


def test_every_line_says_how_it_is_shown() -> None:
    rows = read_rows()
    assert [row for row in rows if len(row) != 4 or not all(row)] == []
    shown = [(row[0], row[3]) for row in rows]
    assert [one for one in shown if not NAMED.search(one[1]) and one[1] not in BY_HAND] == []


def test_every_test_named_is_there() -> None:
    named = {(found[1], found[2].removeprefix("::")) for found in NAMED.finditer(GUIDE)}
    assert [one for one in sorted(named) if not is_there(*one)] == []
    assert not is_there("architecture/test_security_guide.py", "test_of_nothing")


def is_there(file: str, test: str) -> bool:
    """A test of ours; without a name also a module of the portal."""
    path = ROOT / "tests" / file
    if not test:
        return path.exists() or (ROOT / file).exists()
    return path.exists() and test in list_tests(path)


def test_every_deviation_is_explained_and_every_explanation_used() -> None:
    explained = re.findall(r"^(\d+)\. \*\*", GUIDE.partition("## Deviations")[2], re.MULTILINE)
    used = {number for row in read_rows() for number in DEVIATION.findall(row[2])}
    assert set(explained) == used
