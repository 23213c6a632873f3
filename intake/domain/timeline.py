"""Events as sentences: what the timeline says, to customers and to staff."""

from collections.abc import Mapping
from typing import Any

SENTENCES: dict[str, str] = {
    "received": "The request was sent.",
    "edited": "The request was edited.",
    "account_resolved": "The account was found: {account}.",
    "joined": "Joined with {issue}.",
    "rejected": "{issue} is not the same.",
    "issue_wanted": "A new issue will be opened.",
    "issue_opened": "A new issue was opened: {issue}.",
    "asked": "We asked you a question.",
    "replied": "A reply was written.",
    "not_planned": "Decided: not planned.",
    "already_possible": "Decided: already possible.",
    "undone": "The decision was taken back: {decision}.",
    "checked": "The customer's choice was confirmed.",
    "contested": "The customer says: this is not the same thing.",
    "withdrawn": "The request was withdrawn.",
    "progressed": "The status is now “{state}”.",
    "confirmed": "Does this solve it? {outcome}.",
    "announced": "The note in GitLab: {note}.",
    "followed": "{issue} went on as {successor}.",
    "points_set": "Priority points: {points}.",
    "opportunity_set": "The opportunity is {opportunity}.",
}

# What customers read instead, where the staff sentence says more than they should see. Author and
# colleagues read the same; who did it stands beside it.
CUSTOMER_SENTENCES: dict[str, str] = {
    "account_resolved": "The request was tied to an organisation.",
    "joined": "Joined with another request for the same thing.",
    "issue_wanted": "We put this on our list as a new request.",
    "not_planned": "We decided not to do this.",
    "already_possible": "We found that this is already possible.",
    "undone": "We took our decision back; it was wrong. Your request is under review again.",
    "checked": "We looked again: it is the same wish.",
    "contested": "“This is not the same thing.” A person looks at it.",
    "replied": "A word:",
    "asked": "A question from us:",
    "rejected": "We looked at another request: it is not the same.",
    "issue_opened": "We put this on our list as a new request.",
    "announced": "The request was passed on to the team.",
    "followed": "The wish goes on in another place on our list.",
    "points_set": "The request was looked at.",
    "opportunity_set": "The request was looked at.",
}


READERS = {
    "organisation": "everybody at their organisation",
    "named": "colleagues they chose",
    "only_me": "whoever sent it alone",
}


class _Lenient(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def tell(kind: str, facts: Mapping[str, Any], *, for_customer: bool) -> str:
    """One sentence for one event; a fact that is missing shows as an ellipsis."""
    if kind == "edited" and "sharing" in facts:
        return f"Who may read it was changed: {READERS.get(facts['sharing'], '…')}."
    sentence = SENTENCES.get(kind, kind)
    if for_customer:
        sentence = CUSTOMER_SENTENCES.get(kind, sentence)
    return sentence.format_map(_Lenient(facts))
