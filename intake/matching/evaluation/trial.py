"""One query put to every method at one moment."""

from collections.abc import Sequence
from time import perf_counter

from intake.matching.evaluation.answers import DEPTH, OURS, Answer, Case, Run, find_rank
from intake.matching.evaluation.baselines import Baselines, Rows
from intake.matching.evaluation.growing_index import GrowingIndex
from intake.matching.evaluation.issues import Issue
from intake.matching.records import Match, Verdict

NOTHING = Match(key=-1, score=0.0, verdict=Verdict.NONE, reasons=())


class Trial:
    """Keeps the answers in `run`."""

    def __init__(
        self,
        issues: Sequence[Issue],
        baselines: Baselines,
        index: GrowingIndex,
    ) -> None:
        self._issues = issues
        self._groups = {issue.document.key: issue.group for issue in issues}
        self._names = {issue.document.key: issue.id for issue in issues}
        self._baselines = baselines
        self._index = index
        self._grown = 0
        self.run = Run(methods=(*baselines.methods, OURS))

    def learn(self, case: Case, row: Rows) -> None:
        """From an earlier query only the weighted sum learns."""
        self._baselines.learn(case.query, row, self._groups, case.right)

    def grow(self, end: int, rows: Rows | None) -> None:
        """Our index has the issues before `end`."""
        fresh = [issue.document for issue in self._issues[self._grown : end]]
        self._index.add(fresh, None if rows is None else rows[self._grown : end])
        self._grown = end

    def ask(self, case: Case, row: Rows | None) -> None:
        """With nothing right, only our verdict is of interest."""
        started = perf_counter()
        matches = self._index.finder.find(case.query, limit=DEPTH)
        taken = perf_counter() - started
        ranked = self._baselines.rank(case.query, row) if case.right else {}
        ranked[OURS] = [match.key for match in matches], taken
        best = matches[0] if matches else NOTHING
        group = self._groups.get(best.key)
        answer = Answer(
            id=case.id,
            kind=case.kind,
            ranks={
                way: find_rank(keys, self._groups, case.right) for way, (keys, _) in ranked.items()
            },
            seconds={way: seconds for way, (_, seconds) in ranked.items()},
            best=self._names.get(best.key, ""),
            verdict=best.verdict,
            score=best.score,
            is_right=group in case.right,
            is_lookalike=case.tempting is not None,
            is_tempted=case.tempting is not None and group == case.tempting,
        )
        self._keep(answer, self.run.marked if case.right else self.run.unmarked)

    def _keep(self, answer: Answer, answers: list[Answer]) -> None:
        answers.append(answer)
        self.run.weight = self._baselines.weight
        self.run.version = self._index.finder.version
        self.run.trouble = self.run.trouble or self._index.finder.trouble
