"""Write what people answered as training data: two files that `train_ranker` and
`evaluate_matching` read, without customers' names, addresses and sums of money."""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from intake.domain.masking import mask
from intake.domain.vocabulary import Decision
from intake.matching.terms import tokenise
from intake.models import Issue, Submission
from intake.pipeline.note_text import write_wish
from intake.selectors.answers import list_answered, list_told_issues
from portal.models import Account, AccountDomain

ISSUES, QUERIES = "issues.jsonl", "queries.jsonl"
FEATURE_LABEL = "type::feature"
CHUNK = 500

Row = dict[str, Any]
Names = dict[int, str]  # issue → what it is called in the files; oldest first


def export_answers(
    directory: Path, *, tell: Callable[[int, int], None] = lambda done, total: None
) -> tuple[int, int]:
    """Returns how many issues and how many requests; `tell` hears how many rows of how many.

    Each file is replaced at once, when it is complete. Raises OSError.
    """
    issues, requests = list_told_issues(), list_answered()
    total = issues.count() + requests.count()
    names = {issue.pk: name_issue(issue) for issue in issues.only("iid", "project__path")}
    directory.mkdir(parents=True, exist_ok=True)
    told = _write(
        directory / ISSUES,
        _describe_issues(issues.iterator(CHUNK), names),
        lambda done: tell(done, total),
    )
    answered = _write(
        directory / QUERIES,
        filter(None, (_describe_request(row, names) for row in requests.iterator(CHUNK))),
        lambda done: tell(told + done, total),
    )
    return told, answered


def name_issue(issue: Issue) -> str:
    return f"{issue.project.path}#{issue.iid}"


def _write(path: Path, rows: Iterable[Row], tell: Callable[[int], None]) -> int:
    """Readable by nobody else: customers' words are in it, masked or not."""
    unfinished = path.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    count = 0
    private = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode=0o600)
    with os.fdopen(private, "w", encoding="utf-8") as file:
        for count, row in enumerate(rows, start=1):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            tell(count)
    unfinished.replace(path)
    return count


def _describe_issues(issues: Iterable[Issue], names: Names) -> Iterator[Row]:
    first, masker = _find_first(names), Masker()
    for issue in issues:
        yield {
            "id": names[issue.pk],
            "created_at": issue.created_at.isoformat(),
            "kind": "enhancement" if FEATURE_LABEL in issue.labels else issue.type,
            "title": masker.mask(issue.title),
            "body": masker.mask(issue.description),
            "duplicate_of": first.get(issue.pk),
        }


def _find_first(names: Names) -> Names:
    """The earliest issue of each one's duplicate group, but for the earliest itself."""
    following = dict(Issue.objects.values_list("pk", "successor"))
    earliest: Names = {}
    first: Names = {}
    for pk, name in names.items():
        end = following.get(pk) or pk  # the mirror lets all of a chain point to its end
        if earliest.setdefault(end, name) != name:
            first[pk] = earliest[end]
    return first


def _describe_request(row: Submission, names: Names) -> Row | None:
    """None if its issue is not among those told."""
    target = _resolve(row.issue, names)
    if (target is None) == (row.decision == Decision.JOINED):
        return None
    wish = write_wish(row, row.account)
    same, other = (_list_answered(row, answer, names) for answer in ("same", "other"))
    return {
        "id": row.reference,
        "created_at": row.created_at.isoformat(),
        "title": wish.summary,
        "problem": wish.problem,
        "current_solution": wish.workaround,
        "target": target,
        "also_ok": [name for name in same if target and name != target],
        "not": [name for name in other if name != target],
    }


def _list_answered(row: Submission, answer: str, names: Names) -> list[str]:
    """Issues that staff answered so about the request."""
    answered: list[str] = []
    for candidate in row.candidates.all():
        by, name = candidate.answered_by, _resolve(candidate.issue, names)
        if candidate.answer == answer and name and by and by.is_staff:
            answered.append(name)
    return sorted(set(answered))


def _resolve(issue: Issue | None, names: Names) -> str | None:
    """Of a copy that was left out, where it went on."""
    if issue is None:
        return None
    return names.get(issue.pk) or names.get(issue.successor_id or 0)


class Masker:
    """Masks any account's name and domains; looks only for those a text may hold."""

    def __init__(self) -> None:
        self._names = _sort_by_word(Account.objects.values_list("name", flat=True))
        self._domains = _sort_by_word(AccountDomain.objects.values_list("domain", flat=True))

    def mask(self, text: str) -> str:
        words = set(tokenise(text))
        names = (name for word in words for name in self._names.get(word, ()))
        domains = (domain for word in words for domain in self._domains.get(word, ()))
        return mask(text, names=names, domains=domains)


def _sort_by_word(phrases: Iterable[str]) -> dict[str, list[str]]:
    """Every phrase under each of its words."""
    by_word: dict[str, list[str]] = {}
    for phrase in phrases:
        for word in set(tokenise(phrase)):
            by_word.setdefault(word, []).append(phrase)
    return by_word
