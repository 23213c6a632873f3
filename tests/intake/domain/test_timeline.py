"""Sentences for customers say nothing that is only for us."""

import pytest

from intake.domain.timeline import SENTENCES, tell
from intake.models import EventKind

SECRETS = {
    "issue": "#4711",
    "account": "Secret Account",
    "note": "Refused by GitLab",
    "successor": "#4712",
    "decision": "Joined with an issue",
    "points": "10",
}


@pytest.mark.parametrize("kind", EventKind.values)
def test_no_customer_reads_numbers_names_or_points(kind: str) -> None:
    sentence = tell(kind, SECRETS | {"state": "Considered", "outcome": "Yes"}, for_customer=True)
    assert sentence.endswith((".", ":"))
    assert not any(secret in sentence for secret in SECRETS.values())
    assert not any(word in sentence for word in ("GitLab", "Salesforce", "TAM", "ARR", "Priority"))


@pytest.mark.parametrize("kind", EventKind.values)
def test_every_kind_has_a_sentence_for_staff(kind: str) -> None:
    assert kind in SENTENCES
    assert "{" not in tell(kind, {}, for_customer=False)


def test_facts_cannot_reach_into_the_sentence() -> None:
    facts = {"issue": "{decision.__class__}"}
    assert tell("joined", facts, for_customer=False) == "Joined with {decision.__class__}."
