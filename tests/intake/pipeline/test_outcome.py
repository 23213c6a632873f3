"""How a run ends, and that whoever rang meanwhile is not forgotten."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from intake.domain.vocabulary import Trouble
from intake.models import Submission
from intake.pipeline import outcome
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db

End = Callable[[Submission], None]
LATER = NOW + outcome.PROCESS_LEASE
ENDS: list[tuple[str, End]] = [
    ("orderly", lambda row: outcome.end_orderly(row.pk, LATER)),
    ("busy", lambda row: outcome.come_back(row.pk, LATER, at=NOW + timedelta(minutes=2))),
    ("away", lambda row: outcome.wait_for(row.pk, LATER, Trouble.GITLAB_AWAY, now=NOW)),
    ("person", lambda row: outcome.ask_a_person(row.pk, LATER, Trouble.GITLAB_REFUSED, "No.")),
]


@pytest.fixture
def wish(make_wish: Callable[..., Submission]) -> Submission:
    return make_wish(None)


def test_one_of_two_workers_has_the_row(wish: Submission) -> None:
    assert outcome.claim_submission(wish.pk, now=NOW) == LATER
    assert outcome.claim_submission(wish.pk, now=NOW) is None
    assert outcome.claim_submission(wish.pk, now=LATER) is not None  # the first one died


def test_a_row_at_rest_is_left_alone(wish: Submission) -> None:
    Submission.objects.update(due_at=None)
    assert outcome.claim_submission(wish.pk, now=NOW) is None


@pytest.mark.parametrize(("name", "end"), ENDS)
def test_every_end_counts_the_run_as_survived(name: str, end: End, wish: Submission) -> None:
    outcome.claim_submission(wish.pk, now=NOW)
    end(wish)
    wish.refresh_from_db()
    assert wish.attempts == 0
    assert wish.due_at != LATER


@pytest.mark.parametrize(("name", "end"), ENDS)
def test_no_end_silences_a_ring_during_the_run(name: str, end: End, wish: Submission) -> None:
    outcome.claim_submission(wish.pk, now=NOW)
    rung = NOW + timedelta(seconds=3)
    Submission.objects.update(due_at=rung)
    end(wish)
    wish.refresh_from_db()
    assert wish.due_at == rung


@pytest.mark.parametrize(
    ("trouble", "left"),
    [
        ("gitlab_away", ""),
        ("salesforce_away", ""),
        ("index_away", ""),
        ("gave_up", ""),
        ("several_accounts", "several_accounts"),
        ("gitlab_refused", "gitlab_refused"),
        ("issue_gone", "issue_gone"),
    ],
)
def test_an_orderly_end_clears_what_was_waited_for(
    trouble: str, left: str, wish: Submission
) -> None:
    Submission.objects.update(trouble=trouble, failures=3)
    outcome.claim_submission(wish.pk, now=NOW)
    outcome.end_orderly(wish.pk, LATER)
    wish.refresh_from_db()
    assert (wish.trouble, wish.failures, wish.due_at) == (left, 0, None)


def test_without_an_account_salesforce_is_asked_again_tomorrow(wish: Submission) -> None:
    Submission.objects.update(trouble="no_account")
    outcome.claim_submission(wish.pk, now=NOW)
    outcome.end_orderly(wish.pk, LATER)
    wish.refresh_from_db()
    assert wish.due_at == LATER + timedelta(days=1)


def test_whoever_waited_longest_is_due_first(make_wish: Callable[..., Submission]) -> None:
    late = make_wish(None, due_at=NOW)
    early = make_wish(None, due_at=NOW - timedelta(hours=1))
    make_wish(None, due_at=NOW + timedelta(hours=1))
    make_wish(None, due_at=None)
    assert outcome.find_due(now=NOW, most=9) == [early.pk, late.pk]
    assert outcome.find_due(now=NOW, most=1) == [early.pk]
