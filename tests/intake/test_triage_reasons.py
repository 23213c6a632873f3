"""Why a request waits for a person, in words; and which acts its state allows."""

from dataclasses import replace
from datetime import date

import pytest

from intake.domain.triage_reasons import TriageFacts, offer_acts, tell_reasons

TODAY = date(2026, 11, 23)
WAITING = TriageFacts(
    stage="account_resolved",
    decision="pending",
    decided_by_kind="",
    verdict="likely",
    trouble="",
    intent="retain",
    is_withdrawn=False,
    is_checked=False,
    is_contested=False,
    is_asked=False,
    needs_reason=False,
    has_account=True,
    has_opportunity=False,
    has_issue=False,
    candidates=3,
    open_opportunities=0,
    review_on=None,
)
JOINED = replace(
    WAITING, decision="joined", decided_by_kind="person", is_checked=True, has_issue=True
)


@pytest.mark.parametrize(
    ("facts", "reasons"),
    [
        (WAITING, ["Likely match"]),
        (replace(WAITING, verdict="none"), ["No likely match"]),
        (replace(WAITING, candidates=0), ["Nothing found"]),
        (replace(WAITING, stage="received"), ["Being searched"]),
        (replace(WAITING, is_asked=True), ["Waiting for the customer"]),
        (replace(WAITING, has_account=False), ["No account yet", "Likely match"]),
        (
            replace(WAITING, has_account=False, trouble="several_accounts"),
            ["Several accounts match: choose one", "Likely match"],
        ),
        (
            replace(WAITING, has_account=False, trouble="salesforce_away"),
            ["Salesforce is away: tried again by itself", "Likely match"],
        ),
        (
            replace(WAITING, stage="received", trouble="gitlab_away", has_account=False),
            ["GitLab is away: tried again by itself"],
        ),
        (replace(WAITING, is_withdrawn=True, is_contested=True), []),
        (JOINED, []),
        (
            replace(JOINED, decided_by_kind="customer", is_checked=False),
            ["Joined by the customer: check"],
        ),
        (replace(JOINED, is_contested=True), ["Contested: the customer says it is not the same"]),
        (
            replace(JOINED, needs_reason=True),
            ["Closed without a reason: tell the customer why"],
        ),
        (replace(JOINED, review_on=TODAY), ["Look again: the review date has passed"]),
        (replace(JOINED, review_on=date(2026, 11, 24)), []),
        (replace(JOINED, intent="expand", open_opportunities=2), ["Choose the opportunity"]),
        (replace(JOINED, intent="expand", open_opportunities=1), []),
        (replace(JOINED, intent="retain", open_opportunities=2), []),
        (replace(JOINED, intent="both", open_opportunities=2, has_opportunity=True), []),
    ],
)
def test_reasons_are_told_in_words(facts: TriageFacts, reasons: list[str]) -> None:
    assert tell_reasons(facts, today=TODAY) == reasons


@pytest.mark.parametrize(
    ("facts", "offered", "missing"),
    [
        (WAITING, {"join", "create", "decline", "possible", "ask"}, {"undo", "confirm", "again"}),
        (JOINED, {"undo", "ask"}, {"join", "create", "confirm", "decline"}),
        (replace(JOINED, is_contested=True), {"confirm", "undo"}, {"join"}),
        (
            replace(JOINED, decided_by_kind="customer", is_checked=False),
            {"confirm", "undo"},
            {"join"},
        ),
        (replace(JOINED, needs_reason=True), {"explain"}, {"decline"}),
        (replace(JOINED, decision="not_planned"), {"undo"}, {"ask", "decline"}),
        (replace(WAITING, trouble="gave_up"), {"again"}, {"undo"}),
        (replace(WAITING, intent="both"), {"opportunity"}, set()),
        (replace(WAITING, intent="both", has_account=False), set(), {"opportunity"}),
    ],
)
def test_only_acts_that_fit_are_offered(
    facts: TriageFacts, offered: set[str], missing: set[str]
) -> None:
    acts = offer_acts(facts)
    assert offered <= acts
    assert not missing & acts


def test_a_withdrawn_request_offers_nothing() -> None:
    assert offer_acts(replace(WAITING, is_withdrawn=True)) == frozenset()
