"""What a customer is told, for every combination of an issue's state and our decisions."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.domain.progress import FOLLOWS_ISSUE, IssueFacts, RequestFacts, tell_progress
from intake.domain.vocabulary import Decision, Outcome, PublicState, Stage

OPEN = IssueFacts(is_closed=False, labels=(), milestone="", is_milestone_closed=False)
JOINED = RequestFacts(
    stage=Stage.ANNOUNCED,
    decision=Decision.JOINED,
    is_withdrawn=False,
    is_asked=False,
    outcome="",
    state=PublicState.JOINED,
    issue=OPEN,
)


def issue(
    milestone: str = "", *labels: str, closed: bool = False, done: bool = False
) -> IssueFacts:
    return IssueFacts(closed, labels, milestone, done)


TABLE: list[tuple[IssueFacts, str, str]] = [
    (issue(), "joined", ""),
    (issue("", "deliverable"), "joined", ""),
    (issue("", "stretch"), "joined", ""),
    (issue("17.3"), "scheduled", "17.3"),
    (issue("17.3", "bug"), "scheduled", "17.3"),
    (issue("17.3", "deliverable"), "committed", "17.3"),
    (issue("17.3", "stretch"), "hoped_for", "17.3"),
    (issue("17.3", "deliverable", "stretch"), "committed", "17.3"),
    (issue("", "workflow::in dev"), "in_progress", ""),
    (issue("17.3", "workflow::in dev"), "in_progress", "17.3"),
    (issue("17.3", "workflow::in review", "deliverable"), "in_progress", "17.3"),
    (issue("17.3", "workflow::verification"), "in_progress", "17.3"),
    (issue("17.3", "workflow::ready for development"), "scheduled", "17.3"),
    (issue("17.3", done=True), "joined", ""),  # the release came without it
    (issue("17.3", "deliverable", done=True), "joined", ""),
    (issue("17.3", "workflow::in dev", done=True), "in_progress", ""),
    (issue("17.3", closed=True, done=True), "shipped", "17.3"),
    (issue("17.3", "deliverable", closed=True), "in_progress", "17.3"),
    (issue("17.3", closed=True), "in_progress", "17.3"),
]


@pytest.mark.parametrize(("facts", "state", "release"), TABLE)
def test_a_joined_request_follows_its_issue(facts: IssueFacts, state: str, release: str) -> None:
    told = tell_progress(replace(JOINED, issue=facts))
    assert (told.state, told.release, told.needs_reason) == (state, release, False)


@pytest.mark.parametrize(("facts", "state", "release"), TABLE)
def test_a_new_issue_differs_only_where_there_is_no_date(
    facts: IssueFacts, state: str, release: str
) -> None:
    told = tell_progress(replace(JOINED, decision=Decision.NEW_ISSUE, issue=facts))
    assert (told.state, told.release) == ("considered" if state == "joined" else state, release)


def test_a_new_issue_that_is_not_opened_yet() -> None:
    told = tell_progress(replace(JOINED, decision=Decision.NEW_ISSUE, issue=None))
    assert told.state == PublicState.CONSIDERED


@pytest.mark.parametrize("state", sorted(FOLLOWS_ISSUE))
def test_closed_without_a_release_changes_nothing_until_a_person_says_why(state: str) -> None:
    facts = replace(JOINED, state=state, release="17.3", issue=issue(closed=True))
    told = tell_progress(facts)
    assert (told.state, told.release, told.needs_reason) == (state, "17.3", True)


@pytest.mark.parametrize("state", sorted(set(PublicState) - FOLLOWS_ISSUE))
def test_a_state_of_before_the_join_is_not_kept(state: str) -> None:
    told = tell_progress(replace(JOINED, state=state, issue=issue(closed=True)))
    assert (told.state, told.needs_reason) == ("joined", True)


@pytest.mark.parametrize(
    ("outcome", "state"), [("", "shipped"), ("yes", "confirmed"), ("partly", "confirmed"),
                           ("no", "shipped")]
)  # fmt: skip
def test_after_shipping_the_customer_has_the_last_word(outcome: str, state: str) -> None:
    shipped = replace(JOINED, outcome=outcome, issue=issue("17.3", closed=True, done=True))
    assert (tell_progress(shipped).state, tell_progress(shipped).release) == (state, "17.3")


def every_request() -> Iterable[RequestFacts]:
    issues = [None, *(facts for facts, _, _ in TABLE), issue(closed=True)]
    for stage, decision, withdrawn, asked, outcome, facts in product(
        Stage, Decision, (False, True), (False, True), ("", *Outcome), issues
    ):
        yield RequestFacts(stage, decision, withdrawn, asked, outcome, PublicState.JOINED, facts)


def test_our_own_decisions_go_before_the_issue() -> None:
    for facts in every_request():
        told = tell_progress(facts).state
        if facts.is_withdrawn:
            assert told == PublicState.WITHDRAWN
        elif facts.decision in {Decision.NOT_PLANNED, Decision.ALREADY_POSSIBLE}:
            assert told == facts.decision
        elif facts.is_asked:
            assert told == PublicState.WAITING_FOR_YOU
        elif facts.decision == Decision.PENDING:
            early = facts.stage == Stage.RECEIVED
            assert told == (PublicState.RECEIVED if early else PublicState.UNDER_REVIEW)
        else:
            assert told in FOLLOWS_ISSUE


REQUESTS = st.builds(
    RequestFacts,
    stage=st.sampled_from(list(Stage)),
    decision=st.sampled_from(list(Decision)),
    is_withdrawn=st.booleans(),
    is_asked=st.booleans(),
    outcome=st.sampled_from(["", *Outcome]),
    state=st.sampled_from(list(PublicState)),
    release=st.sampled_from(["", "17.3"]),
    issue=st.none()
    | st.builds(
        IssueFacts,
        is_closed=st.booleans(),
        labels=st.lists(
            st.sampled_from(["deliverable", "stretch", "workflow::in dev", "bug"]), unique=True
        ),
        milestone=st.sampled_from(["", "17.3", "17.4"]),
        is_milestone_closed=st.booleans(),
    ),
)


@given(REQUESTS)
def test_what_was_told_is_not_told_again(facts: RequestFacts) -> None:
    told = tell_progress(facts)
    assert tell_progress(replace(facts, state=told.state, release=told.release)) == told


@given(REQUESTS)
def test_shipped_is_said_only_of_a_closed_issue_in_a_finished_release(facts: RequestFacts) -> None:
    told = tell_progress(replace(facts, state=PublicState.JOINED))
    if told.state in {PublicState.SHIPPED, PublicState.CONFIRMED}:
        assert facts.issue is not None
        assert facts.issue.is_closed
        assert facts.issue.is_milestone_closed
        assert told.release == facts.issue.milestone
