"""Requests that may be the same wish, as far as this person may know of them."""

from dataclasses import dataclass

from intake.domain.progress import IssueFacts, RequestFacts, tell_progress
from intake.domain.vocabulary import Decision, PublicState, Stage
from intake.matching.candidates import QUICK
from intake.matching.errors import IndexUnavailable
from intake.matching.records import Query
from intake.matching.terms import tokenise
from intake.models import Issue
from intake.selectors.finder import get_finder
from intake.selectors.popularity import asked_for_by
from intake.selectors.state_now import Wordings, word_state
from intake.selectors.visibility import visible_submissions
from intake.selectors.wording import state_wording
from portal.models import Membership, User

LIMIT = 3
OWN_LIMIT = 1  # the rest are issues, which can be chosen
FETCHED = 12  # hidden and moved issues fall out
LEAST_CHANCE = 0.25  # that one of those shown is the wish: below it, nearly all are other wishes
LEAST_SCORE = 0.03  # of each
OWN_LOOKED_AT = 200
LEAST_SHARED = 0.6  # share of the shorter title's words
LEAST_WORDS = 2
LEAST_LENGTH = 2  # characters of the title, or of the text where there is no title yet


@dataclass(frozen=True, slots=True)
class SimilarRequest:
    """An issue (`issue_id`) or a request of the reader's own organisation (`token`)."""

    title: str
    became: str  # what became of it, in words
    asked_for_by: str = ""  # bucketed, empty under five
    issue_id: int | None = None
    url: str = ""
    token: str = ""
    reference: str = ""


def find_similar(
    title: str, problem: str, *, user: User, besides: str = ""
) -> tuple[SimilarRequest, ...]:
    """At most three, own requests first; `besides` is the token of the request itself.

    Nobody without an account sees any: a stranger must not learn what is asked for.
    """
    is_silent = max(len(title.strip()), len(problem.strip())) < LEAST_LENGTH
    if is_silent or not _belongs_somewhere(user):
        return ()
    wordings = state_wording()
    own = _find_own(title, user=user, besides=besides, wordings=wordings)
    return (*own, *_find_issues(title, problem, wordings=wordings))[:LIMIT]


def _belongs_somewhere(user: User) -> bool:
    return user.is_staff or Membership.objects.filter(user=user, is_confirmed=True).exists()


def _find_own(title: str, *, user: User, besides: str, wordings: Wordings) -> list[SimilarRequest]:
    words = set(tokenise(title))
    if len(words) < LEAST_WORDS or user.is_staff:
        return []
    recent = (
        visible_submissions(user)
        .filter(withdrawn_at=None)
        .exclude(token=besides)
        .order_by("-created_at")[:OWN_LOOKED_AT]
    )
    alike = [one for one in recent if _share(words, set(tokenise(one.summary))) >= LEAST_SHARED]
    return [
        SimilarRequest(
            title=one.summary,
            became=word_state(wordings, one.public_state, one.release).label,
            token=one.token,
            reference=one.reference,
        )
        for one in alike[:OWN_LIMIT]
    ]


def _share(one: set[str], other: set[str]) -> float:
    shorter = min(len(one), len(other))
    return len(one & other) / shorter if shorter >= LEAST_WORDS else 0.0


def _find_issues(title: str, problem: str, *, wordings: Wordings) -> list[SimilarRequest]:
    try:
        matches = get_finder().find(
            Query(title, problem), limit=FETCHED, public_only=True, effort=QUICK
        )
    except IndexUnavailable:  # the form never waits for suggestions
        return []
    chances = {match.key: match.score for match in matches if match.score >= LEAST_SCORE}
    shown = Issue.objects.shown_to_customers().select_related("project").in_bulk(chances)
    issues = [shown[key] for key in chances if key in shown][:LIMIT]
    if sum(chances[issue.pk] for issue in issues) < LEAST_CHANCE:
        return []
    popularity = asked_for_by([issue.pk for issue in issues]) if issues else {}
    return [
        SimilarRequest(
            title=issue.title_for_customers,
            became=tell_what_became(issue, wordings),
            asked_for_by=popularity.get(issue.pk, ""),
            issue_id=issue.pk,
            url=issue.web_url if is_open_to_all(issue) else "",
        )
        for issue in issues
    ]


def is_open_to_all(issue: Issue) -> bool:
    """Whether anybody can open it in GitLab. Expects `project` to be loaded."""
    return issue.project.is_public and not issue.is_confidential


def tell_what_became(issue: Issue, wordings: Wordings) -> str:
    """One line on an issue for somebody who has no request on it yet."""
    progress = tell_progress(_as_if_joined(issue))
    if progress.needs_reason:
        return f"Closed in {issue.closed_at:%B %Y}" if issue.closed_at else "Closed"
    if progress.state == PublicState.JOINED:
        return "Open"
    return word_state(wordings, progress.state, progress.release).label


def _as_if_joined(issue: Issue) -> RequestFacts:
    return RequestFacts(
        stage=Stage.ANNOUNCED,
        decision=Decision.JOINED,
        is_withdrawn=False,
        is_asked=False,
        outcome="",
        state=PublicState.JOINED,
        issue=IssueFacts(
            is_closed=issue.is_closed,
            labels=issue.labels,
            milestone=issue.milestone,
            is_milestone_closed=issue.is_milestone_closed,
        ),
    )
