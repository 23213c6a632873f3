"""What to do to one issue's labels: only ever to our own, whatever people did meanwhile."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from scoring.domain.labels import INTENT, SCORE, URGENCY

SCOPES = (SCORE, URGENCY, INTENT)


@dataclass(frozen=True, slots=True)
class LabelPlan:
    """`left` are labels in our scopes that people set: there we write nothing."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    left: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.add or self.remove)


def plan_labels(
    wanted: Collection[str], *, ours: Collection[str], present: Collection[str]
) -> LabelPlan:
    """From what the issue should carry, what we put there, and what is there now.

    Scope by scope. Where a person set a label ours gives way: GitLab would push theirs out. One of
    ours that a person took off is not put back; another one of its scope, when the score moves, is.
    One that a late write of ours pushed out is put back.
    """
    scopes = [_plan_scope(scope, wanted, ours, present) for scope in SCOPES]
    return LabelPlan(
        add=tuple(name for scope in scopes for name in scope.add),
        remove=tuple(name for scope in scopes for name in scope.remove),
        left=tuple(name for scope in scopes for name in scope.left),
    )


def _plan_scope(
    scope: str, wanted: Collection[str], ours: Collection[str], present: Collection[str]
) -> LabelPlan:
    here = [name for name in present if scope_of(name) == scope]
    own = [name for name in here if name in ours]
    left = tuple(name for name in here if name not in ours)
    due = [] if left else [name for name in wanted if scope_of(name) == scope]
    return LabelPlan(
        add=tuple(name for name in due if name not in here and (own or name not in ours)),
        remove=tuple(name for name in own if name not in due),
        left=left,
    )


def pick_ours(names: Iterable[str]) -> tuple[str, ...]:
    """Those of our scopes, whoever set them."""
    return tuple(name for name in names if scope_of(name) in SCOPES)


def scope_of(name: str) -> str:
    """As GitLab tells scopes: what stands before the last pair of colons, whatever the case."""
    return name.rpartition("::")[0].lower()


def keep_in_mind(
    wanted: Collection[str], *, ours: Collection[str], present: Collection[str]
) -> list[str]:
    """Ours from now on: what is there, and what is due but was taken off by a person."""
    return [name for name in dict.fromkeys(ours) if name in present or name in wanted]
