"""What is certain is adopted, everything else waits; words changed meanwhile are searched next."""

from collections.abc import Callable
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from intake.actions.edit import edit
from intake.domain.draft import RequestText, SubmissionDraft
from intake.matching.errors import IndexUnavailable
from intake.matching.records import Match, Query, Verdict
from intake.models import Candidate, Issue, Project, Submission
from intake.pipeline.match import find_issue_by_url, match
from portal.models import User
from tests.portal_fixtures import NOW

pytestmark = pytest.mark.django_db

MakeWish = Callable[..., Submission]
GITLAB = "https://gitlab.larkfield.example"
PATH = "larkfield/platform/-/issues"


class Answers:
    """A ranking that was decided beforehand."""

    version = "decided-1"

    def __init__(self, *found: tuple[Issue, Verdict]) -> None:
        self.found = found
        self.meanwhile: Callable[[], object] = lambda: None

    def find(self, query: Query, *, limit: int = 10, public_only: bool = False) -> list[Match]:
        self.meanwhile()
        return [Match(issue.pk, 0.9, verdict, ("both",)) for issue, verdict in self.found]


@pytest.fixture(autouse=True)
def _gitlab_address(settings: Settings) -> None:
    settings.GITLAB_URL = GITLAB


@pytest.fixture
def wish(make_wish: MakeWish) -> Submission:
    return make_wish(None, stage="received")


@pytest.mark.parametrize(
    "url",
    [
        f"{GITLAB}/{PATH}/7",
        f"{GITLAB}/{PATH}/7/",
        f"{GITLAB}/{PATH}/7#note_12",
        f"{GITLAB}/{PATH}/7?tab=designs",
        f"{GITLAB}/larkfield/platform/issues/7",
        f"{GITLAB}/larkfield/platform/-/work_items/7",
        "HTTPS://GitLab.Larkfield.example/Larkfield/Platform/-/issues/7",
        f"{GITLAB}/{PATH}/7).",
    ],
)
def test_an_issue_is_known_by_every_spelling_of_its_address(
    url: str, make_issue: Callable[..., Issue]
) -> None:
    issue = make_issue(iid=7)
    assert find_issue_by_url(url) == issue


@pytest.mark.parametrize(
    "url",
    [
        "",
        "7",
        "https://[",
        "https://[::1",
        "http://[not-an-address]/x",
        f"https://gitlab.larkfield.example.evil.example/{PATH}/7",
        f"{GITLAB}:8443/{PATH}/7",
        f"{GITLAB}/{PATH}/{'7' * 30}",
        f"{GITLAB}/{PATH}/7/designs",
        f"{GITLAB}/{PATH}/٧",
        f"{GITLAB}/larkfield/other/-/issues/7",
    ],
)
def test_anything_else_is_no_issue_and_no_error(url: str, make_issue: Callable[..., Issue]) -> None:
    make_issue(iid=7)
    assert find_issue_by_url(url) is None


def test_gitlab_may_live_below_a_path(settings: Settings, make_issue: Callable[..., Issue]) -> None:
    settings.GITLAB_URL = "https://larkfield.example/gitlab"
    issue = make_issue(iid=7)
    assert find_issue_by_url(f"https://larkfield.example/gitlab/{PATH}/7") == issue


@pytest.mark.parametrize("where", ["links", "problem"])
def test_a_pasted_address_is_adopted(
    where: str, make_wish: MakeWish, make_issue: Callable[..., Issue]
) -> None:
    issue = make_issue(iid=7)
    url = f"{GITLAB}/{PATH}/7"
    words: dict[str, Any] = {"links": [url]} if where == "links" else {"problem": f"See {url}."}
    wish = make_wish(None, stage="received", **words)
    match(wish, finder=Answers(), now=NOW)
    assert (wish.issue, wish.decision, wish.verdict) == (issue, "joined", "certain")
    assert wish.matcher_version == "decided-1"


@pytest.mark.parametrize("hidden", [{"is_confidential": True}, {"is_gone": True}])
def test_a_customer_does_not_join_what_they_may_not_see(
    hidden: dict[str, Any], make_wish: MakeWish, make_issue: Callable[..., Issue]
) -> None:
    make_issue(iid=7, **hidden)
    wish = make_wish(None, stage="received", links=[f"{GITLAB}/{PATH}/7"])
    match(wish, finder=Answers(), now=NOW)
    assert (wish.issue, wish.decision) == (None, "pending")


def test_staff_may_name_a_hidden_issue(
    make_wish: MakeWish, make_issue: Callable[..., Issue], submitter: User
) -> None:
    issue = make_issue(iid=7, is_confidential=True)
    wish = make_wish(None, stage="received", submitter=submitter, links=[issue_url(issue)])
    match(wish, finder=Answers(), now=NOW)
    assert wish.issue == issue


def issue_url(issue: Issue) -> str:
    return f"{GITLAB}/{issue.project.path}/-/issues/{issue.iid}"


def test_a_likely_one_waits_with_its_candidates(
    wish: Submission, make_issue: Callable[..., Issue]
) -> None:
    first, second = make_issue("One"), make_issue("Two")
    match(wish, finder=Answers((first, Verdict.LIKELY), (second, Verdict.NONE)), now=NOW)
    assert (wish.stage, wish.decision, wish.verdict) == ("matched", "pending", "likely")
    assert [(row.rank, row.issue) for row in wish.candidates.all()] == [(1, first), (2, second)]


def test_what_a_person_called_different_is_not_adopted_again(
    wish: Submission, make_issue: Callable[..., Issue]
) -> None:
    issue = make_issue()
    Candidate.objects.create(
        submission=wish,
        issue=issue,
        rank=1,
        score=1,
        verdict="certain",
        matcher_version="x",
        answer=Candidate.Answer.OTHER,
    )
    match(wish, finder=Answers((issue, Verdict.CERTAIN)), now=NOW)
    assert wish.decision == "pending"
    assert wish.candidates.get().answer == Candidate.Answer.OTHER


def test_a_certain_one_that_went_on_elsewhere_is_followed(
    wish: Submission, make_issue: Callable[..., Issue]
) -> None:
    target = make_issue("Where it went")
    issue = make_issue(successor=target)
    match(wish, finder=Answers((issue, Verdict.CERTAIN)), now=NOW)
    assert wish.issue == target


def test_words_changed_during_the_search_are_searched_for_next(
    wish: Submission,
    maya: User,
    make_issue: Callable[..., Issue],
    make_draft: Callable[..., SubmissionDraft],
) -> None:
    issue = make_issue()
    text: RequestText = make_draft(summary="Something else entirely").text
    finder = Answers((issue, Verdict.CERTAIN))
    finder.meanwhile = lambda: edit(Submission.objects.get(pk=wish.pk), text, by=maya)
    match(wish, finder=finder, now=NOW)
    assert (wish.stage, wish.decision, wish.summary) == ("received", "pending", text.summary)
    assert not wish.candidates.exists()
    assert wish.due_at is not None

    finder.meanwhile = lambda: None
    match(wish, finder=finder, now=NOW)
    assert wish.decision == "joined"


def test_an_issue_deleted_since_the_index_was_written_is_left_out(
    wish: Submission, make_issue: Callable[..., Issue], project: Project
) -> None:
    gone = make_issue()
    found = Answers((gone, Verdict.CERTAIN))
    Issue.objects.filter(pk=gone.pk).delete()
    gone.pk = 999_999
    match(wish, finder=found, now=NOW)
    assert (wish.stage, wish.decision) == ("matched", "pending")


class Away:
    """An index that cannot be read."""

    version = "none"

    def find(self, query: Query, *, limit: int = 10, public_only: bool = False) -> list[Match]:
        raise IndexUnavailable("cut short")


def test_what_is_certain_needs_no_search(
    wish: Submission, make_wish: MakeWish, make_issue: Callable[..., Issue]
) -> None:
    issue = make_issue(iid=7)
    wish.links = [f"{GITLAB}/{PATH}/7"]
    wish.save()
    match(wish, finder=Away(), now=NOW)
    assert (wish.stage, wish.decision, wish.issue) == ("matched", "joined", issue)
    decided = make_wish(issue, stage="received")
    match(decided, finder=Away(), now=NOW)
    assert decided.stage == "matched"


def test_what_must_be_searched_for_waits(wish: Submission) -> None:
    with pytest.raises(IndexUnavailable):
        match(wish, finder=Away(), now=NOW)
    wish.refresh_from_db()
    assert wish.stage == "received"
