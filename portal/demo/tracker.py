"""Which issue of a tracker's file the walk asks for again, in the words of whoever filed it twice.

The rule, which never asks the matcher: of the feature requests marked as a duplicate, with a text
of 200 to 3,000 characters that is no copy (at most half of both texts' words in common), the one
whose title shares the most telling words with the title of the issue it duplicates, without having
the same ones. A word tells more the fewer titles hold it. That issue is left out when the sandbox
loads the file; finding any other of its group is right.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.demo.story import Story
from portal.sandbox.client import Sandbox
from portal.sandbox.world import FEATURE_KINDS, IMPORTED, read_lines

Row = dict[str, Any]
WORD = re.compile(r"[^\W_]{2,}")
SHORTEST_TITLE, LONGEST_TITLE = 10, 120  # what the form takes
SHORTEST_TEXT, LONGEST_TEXT = 200, 3_000
MOST_IN_COMMON = 0.5


class NoDuplicate(Exception):
    """The file marks no duplicate that could be asked for again."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """`group` are the ids of the other issues that ask for the same."""

    id: str
    title: str
    text: str
    target_title: str
    group: frozenset[str]


def choose_withheld(path: Path) -> Withheld:
    """Raises NoDuplicate, and OSError or ValueError for a file that cannot be read."""
    rows = list(read_lines(path))
    by_id = {row["id"]: row for row in rows}
    marked = [row for row in rows if row.get("duplicate_of") in by_id]
    askable = [row for row in marked if is_askable(row, by_id[row["duplicate_of"]])]
    chosen = pick(askable or marked, by_id, weigh_words(rows))
    target = by_id[chosen["duplicate_of"]]
    group = {row["id"] for row in marked if row["duplicate_of"] == target["id"]} | {target["id"]}
    return Withheld(
        id=chosen["id"],
        title=shorten(clean(chosen["title"], line=True)),
        text=clean(chosen["body"])[:LONGEST_TEXT] or clean(chosen["title"]),
        target_title=target["title"].strip(),
        group=frozenset(group - {chosen["id"]}),
    )


def is_askable(row: Row, target: Row) -> bool:
    has_length = SHORTEST_TEXT <= len(row["body"]) <= LONGEST_TEXT
    if row["kind"] not in FEATURE_KINDS or not has_length:
        return False
    own, theirs = find_words(row["body"]), find_words(target["body"])
    return len(own & theirs) <= MOST_IN_COMMON * len(own | theirs)


def weigh_words(rows: Collection[Row]) -> dict[str, float]:
    """Inverse document frequency over the titles."""
    held_by = Counter(word for row in rows for word in find_words(row["title"]))
    return {word: math.log(len(rows) / count) for word, count in held_by.items()}


def pick(rows: list[Row], by_id: dict[str, Row], weights: dict[str, float]) -> Row:
    """The earliest of the best. Raises NoDuplicate."""
    best, most = None, -1.0
    for row in rows:
        title, other = row["title"], by_id[row["duplicate_of"]]["title"]
        own, theirs = find_words(title), find_words(other)
        if own == theirs or len(clean(title, line=True)) < SHORTEST_TITLE:
            continue
        shared = sum(weights[word] for word in own & theirs)
        if shared > most:
            best, most = row, shared
    if best is None:
        raise NoDuplicate("The file marks no duplicate to ask for again (duplicate_of).")
    return best


def find_words(title: str) -> frozenset[str]:
    return frozenset(WORD.findall(title.casefold()))


def clean(text: str, *, line: bool = False) -> str:
    """Without characters that cannot be seen: the form would ask to take them out."""
    kept = "".join(
        one if one in "\n\t" or unicodedata.category(one)[0] != "C" else " "
        for one in unicodedata.normalize("NFC", text).replace("\r\n", "\n")
    )
    return " ".join(kept.split()) if line else kept.strip()


def shorten(title: str) -> str:
    """At the end of a word."""
    if len(title) <= LONGEST_TITLE:
        return title
    cut = title[: LONGEST_TITLE - 1]
    return (cut.rpartition(" ")[0] or cut) + "…"


def tell_tracker_story(withheld: Withheld, sandbox: Sandbox) -> Story:
    numbers = sandbox.issue_ids()
    answers = {
        "kind": "change",
        "summary": withheld.title,
        "problem": withheld.text,
        "urgency": "nice_to_have",
        "intent": "not_sure",
    }
    right = frozenset((IMPORTED, numbers[one]) for one in withheld.group if one in numbers)
    about = f"{withheld.id}, left out of the load and asked for again"
    return Story(answers, right, withheld.target_title, about)
