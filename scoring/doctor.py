"""What the doctor tries for scores: whether GitLab is told of them, and how that fares."""

from collections.abc import Iterable

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from portal.doctor.registry import Finding, broken, fine, look, tries
from scoring.models import IssueScore
from scoring.selectors.label_states import LabelsLeft, count_labels_left
from scoring.selectors.newest_run import read_newest_run

TAKE_BACK = "`manage.py publish_labels --take-back` takes them off."
REFUSED = "The admin says why, under Published labels; they are tried again every day."


@tries("Scores")
def try_scores() -> Iterable[Finding]:
    """That there are any; how old they are the timetable tells."""
    try:
        run, issues = read_newest_run(), IssueScore.objects.count()
    except DatabaseError:
        yield broken("They cannot be read.", "See Database above.")
        return
    if run is None:
        yield look("Nothing has been scored yet.", "A worker does, or `manage.py score`.")
        return
    weights = f"weights {run.weights}" if run.weights else "the default weights"
    yield fine(f"Issues with a score: {issues:,}, by {run.model} with {weights}.")


@tries("Score labels")
def try_labels() -> Iterable[Finding]:
    try:
        left = count_labels_left(now=timezone.now())
    except DatabaseError:
        yield broken("They cannot be counted.", "See Database above.")
        return
    yield _judge(left)
    if left.refused:
        yield look(f"Issues whose labels GitLab refused: {left.refused:,}.", REFUSED)


def _judge(left: LabelsLeft) -> Finding:
    count = f"Issues with labels of ours: {left.issues:,}."
    if settings.SCORE_LABELS:
        return fine(f"SCORE_LABELS is on. {count}")
    if left.issues:
        return look(f"SCORE_LABELS is off: nothing is written any more. {count}", TAKE_BACK)
    return fine("SCORE_LABELS is off: nothing is written to GitLab.")
