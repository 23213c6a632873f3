"""A tracker's issues in a file, in time order, with the duplicates that people marked."""

import gzip
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from intake.matching.records import Document


@dataclass(frozen=True, slots=True)
class Issue:
    """One line of the file. `group` is the id of its earliest duplicate, or its own."""

    id: str
    document: Document
    kind: str
    group: str
    is_query: bool


def read_issues(path: Path) -> list[Issue]:
    """JSON lines, plain or gzipped, in time order.

    Each has id, created_at, kind, title, body and duplicate_of (the id of the earliest
    issue of the group, or null). Raises ValueError for a line that has not.
    """
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as file:
        return [_read_issue(number, line) for number, line in enumerate(file) if line.strip()]


def _read_issue(number: int, line: str) -> Issue:
    try:
        row = json.loads(line)
        created_at = datetime.fromisoformat(row["created_at"])
        document = Document(
            key=number,
            title=row["title"] or "",
            body=row["body"] or "",
            created_at=created_at if created_at.tzinfo else created_at.replace(tzinfo=UTC),
            is_open=True,
            is_public=True,
        )
        original = row["duplicate_of"]
        group = str(original or row["id"])
        return Issue(str(row["id"]), document, str(row["kind"]), group, original is not None)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"Line {number + 1} is not an issue: {error!r}") from error
