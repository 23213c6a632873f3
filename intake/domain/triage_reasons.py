"""Why a request is in the triage queue, in words, and which acts its state allows."""

from dataclasses import dataclass
from datetime import date

from intake.domain.vocabulary import Decider, Decision, Intent, Stage, Trouble


@dataclass(frozen=True, slots=True)
class TriageFacts:
    """One request as triage sees it. Candidates counted here are those nobody has answered."""

    stage: str
    decision: str
    decided_by_kind: str
    verdict: str
    trouble: str
    intent: str
    is_withdrawn: bool
    is_checked: bool
    is_contested: bool
    is_asked: bool
    needs_reason: bool
    has_account: bool
    has_opportunity: bool
    has_issue: bool
    candidates: int
    open_opportunities: int
    review_on: date | None


TROUBLES: dict[str, str] = {
    Trouble.NO_ACCOUNT: "No account yet",
    Trouble.SEVERAL_ACCOUNTS: "Several accounts match: choose one",
    Trouble.SALESFORCE_AWAY: "Salesforce is away: tried again by itself",
    Trouble.GITLAB_AWAY: "GitLab is away: tried again by itself",
    Trouble.INDEX_AWAY: "The search index is being rebuilt: tried again by itself",
    Trouble.GITLAB_REFUSED: "GitLab refused: look at the reason",
    Trouble.ISSUE_GONE: "The issue is gone: choose another",
    Trouble.GAVE_UP: "Stopped after several attempts: look, then try again",
}


def tell_reasons(facts: TriageFacts, *, today: date) -> list[str]:
    """The reasons a person should look, the weightiest first; empty when nothing is open."""
    if facts.is_withdrawn:
        return []
    said = {
        "Contested: the customer says it is not the same": facts.is_contested,
        "Joined by the customer: check": waits_for_check(facts) and not facts.is_contested,
        "Closed without a reason: tell the customer why": facts.needs_reason,
        TROUBLES.get(facts.trouble, ""): facts.trouble in TROUBLES,
        TROUBLES[Trouble.NO_ACCOUNT]: lacks_account(facts),
        tell_search(facts): facts.decision == Decision.PENDING,
        "Choose the opportunity": needs_opportunity(facts),
        "Look again: the review date has passed": is_review_due(facts, today),
    }
    return [words for words, applies in said.items() if applies and words]


def tell_search(facts: TriageFacts) -> str:
    """What an undecided request waits for: the customer, the search, or a person's verdict."""
    if facts.is_asked:
        return "Waiting for the customer"
    if facts.stage == Stage.RECEIVED:
        return "" if facts.trouble else "Being searched"
    if not facts.candidates:
        return "Nothing found"
    return "Likely match" if facts.verdict in {"likely", "certain"} else "No likely match"


def lacks_account(facts: TriageFacts) -> bool:
    """Told by the trouble too, which says more when several match or Salesforce is away."""
    explained = facts.trouble in {Trouble.SEVERAL_ACCOUNTS, Trouble.SALESFORCE_AWAY}
    return not facts.has_account and facts.stage != Stage.RECEIVED and not explained


def waits_for_check(facts: TriageFacts) -> bool:
    is_own_choice = facts.decided_by_kind == Decider.CUSTOMER
    return facts.decision == Decision.JOINED and is_own_choice and not facts.is_checked


def needs_opportunity(facts: TriageFacts) -> bool:
    """Growth counts as demand at once and carries money once a person chose between several."""
    wants_growth = facts.intent in {Intent.EXPAND, Intent.BOTH}
    is_tied = facts.decision in {Decision.JOINED, Decision.NEW_ISSUE}
    return wants_growth and is_tied and not facts.has_opportunity and facts.open_opportunities > 1


def is_review_due(facts: TriageFacts, today: date) -> bool:
    is_tied = facts.decision in {Decision.JOINED, Decision.NEW_ISSUE}
    return is_tied and facts.review_on is not None and facts.review_on <= today


def offer_acts(facts: TriageFacts) -> frozenset[str]:
    """The acts worth a button now. Each act checks again for itself."""
    if facts.is_withdrawn:
        return frozenset()
    is_pending = facts.decision == Decision.PENDING
    is_closed = facts.decision in {Decision.NOT_PLANNED, Decision.ALREADY_POSSIBLE}
    offered = {
        "join": is_pending,
        "reject": is_pending,
        "create": is_pending,
        "ask": not is_closed,
        "decline": is_pending,
        "possible": is_pending,
        "undo": not is_pending,
        "confirm": facts.has_issue and (waits_for_check(facts) or facts.is_contested),
        "explain": facts.needs_reason,
        "again": bool(facts.trouble),
        "opportunity": facts.has_account and facts.intent in {Intent.EXPAND, Intent.BOTH},
    }
    return frozenset({"account", "points"} | {act for act, fits in offered.items() if fits})
