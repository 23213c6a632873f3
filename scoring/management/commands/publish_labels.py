"""Write the score labels to GitLab now, show what would change, or take all of them back."""

import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.actions.alert import raise_alert
from portal.gateways import connect
from portal.gateways.errors import GatewayError, Misconfigured, Unavailable
from portal.progress_bar import Tell, show_bar
from scoring.domain.label_plan import LabelPlan
from scoring.pipeline.publish import publish_labels
from scoring.selectors.label_states import count_labels_left, read_label_states

PATIENCE = timedelta(minutes=5)  # the longest pause that is waited for
MOST_IDLE_TURNS = 5
ADMIN = "The admin says why, under Published labels; the next run tries them again."
WAIT = "It may still come: run this again in a few minutes, or leave it to the worker."


class Command(BaseCommand):
    help = "Write the labels that say how much each issue is asked for to GitLab."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would change, and write nothing"
        )
        parser.add_argument(
            "--take-back", action="store_true", help="take every label of ours off again"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        take_back = options["take_back"]
        if options["dry_run"]:
            self._show(take_back=take_back)
            return
        refuse_by_setting(take_back=take_back)
        try:
            write_all(take_back=take_back)
        except GatewayError as error:
            if isinstance(error, Misconfigured):
                raise_alert(error, now=timezone.now())
            raise CommandError(f"{error} Run it again: it goes on where it stopped.") from error
        self._tell_the_rest(take_back=take_back)

    def _show(self, *, take_back: bool) -> None:
        """From what the mirror saw last; GitLab is not asked."""
        issues = added = removed = 0
        for state in read_label_states(take_back=take_back):
            plan = state.plan
            if state.is_reachable and (plan or plan.left):
                self.stdout.write("\n".join([state.name, *write_diff(plan)]))
                issues, added = issues + bool(plan), added + len(plan.add)
                removed += len(plan.remove)
        self.stdout.write(
            f"Issues to write to: {issues:,}; labels to add: {added:,}, to remove: {removed:,}. "
            "Nothing was written."
        )

    def _tell_the_rest(self, *, take_back: bool) -> None:
        """Raises CommandError where labels are left that should not be."""
        left = count_labels_left(now=timezone.now())
        if left.refused:
            self.stdout.write(f"Issues that GitLab refused: {left.refused:,}. {ADMIN}")
        if left.waiting:
            self.stdout.write(f"Issues whose answer was lost: {left.waiting:,}. {WAIT}")
        if not take_back:
            return
        if left.issues:
            raise CommandError(
                f"Issues that still carry labels of ours: {left.issues:,}, "
                f"{left.unseen:,} of them in projects that our token cannot see."
            )
        self.stdout.write("No issue carries a label of ours any more.")


def refuse_by_setting(*, take_back: bool) -> None:
    """Raises CommandError where the worker would undo it, or nothing is to be written."""
    if take_back and settings.SCORE_LABELS:
        raise CommandError(
            "SCORE_LABELS is on: the worker would put them back. Set it to off, restart the "
            "worker, and take them back then."
        )
    if not take_back and not settings.SCORE_LABELS:
        raise CommandError(
            "SCORE_LABELS is off: nothing is written. --dry-run shows what would be."
        )


def write_all(*, take_back: bool) -> None:
    """Waits where GitLab asks for it; beside a worker that is at it, each issue is one's or the
    other's. Raises the gateway's errors."""
    with show_bar("Taking labels back" if take_back else "Writing labels", "issues") as tell:
        counted = CountedOn(tell)
        while True:
            try:
                publish_labels(
                    gitlab=connect.gitlab(),
                    clock=timezone.now,
                    take_back=take_back,
                    by_hand=True,
                    retry_refused=counted.is_first_turn,
                    tell=counted,
                )
            except Unavailable as error:
                wait = error.retry_after or timedelta(seconds=1)
                if wait > PATIENCE or counted.rest() > MOST_IDLE_TURNS:
                    raise
                time.sleep(wait.total_seconds())
            else:
                return


class CountedOn:
    """The progress over several turns."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._before = self._done = self._idle_turns = 0
        self.is_first_turn = True

    def __call__(self, done: int, total: int | None) -> None:
        self._done = self._before + done
        self._tell(self._done, None if total is None else self._before + total)

    def rest(self) -> int:
        """How many turns in a row now got nothing done."""
        self.is_first_turn = False
        self._idle_turns = self._idle_turns + 1 if self._done == self._before else 0
        self._before = self._done
        return self._idle_turns


def write_diff(plan: LabelPlan) -> list[str]:
    """One line a label: + to add, - to remove, ? not ours as far as we know, so it stays."""
    return [
        *(f"  + {name}" for name in plan.add),
        *(f"  - {name}" for name in plan.remove),
        *(f"  ? {name} stays: it is not known to be ours" for name in plan.left),
    ]
