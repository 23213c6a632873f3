"""What a link's note says, with everything masked that GitLab must not learn."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from intake.domain.demand import read_crosswalk_table
from intake.domain.link_note import LinkFacts, Wish, render_full_note, render_link_only
from intake.domain.quoting import mask
from intake.domain.salesforce_link import account_url
from intake.models import CustomerLink, Submission
from intake.pipeline.demand import points_of, read_crosswalk
from portal.gateways.errors import Misconfigured
from portal.models import Account


@dataclass(frozen=True, slots=True)
class NoteTexts:
    """The full note for internal eyes, and the one that everybody may read."""

    full: str
    link_only: str


def write_note(link: CustomerLink, submissions: Sequence[Submission]) -> NoteTexts:
    """`submissions`: the link's open ones, the most urgent first; at least one.

    Raises Misconfigured while no Salesforce address is set.
    """
    if not settings.SALESFORCE_HOSTS:
        raise Misconfigured("SALESFORCE_DOMAIN is not set.", service="salesforce")
    account = link.account
    crosswalk = read_crosswalk_table(read_crosswalk().table)
    facts = LinkFacts(
        account_url=account_url(account.salesforce_id, host=settings.SALESFORCE_HOSTS[0]),
        points=points_of(submissions[0], crosswalk, link.hand_set_points),
        seats=account.seats,
        owner=str(account.tam) if account.tam else account.tam_name,
        wishes=[write_wish(submission, account) for submission in submissions],
    )
    return NoteTexts(render_full_note(facts), render_link_only(facts))


def write_wish(submission: Submission, account: Account | None) -> Wish:
    """The customer's words without names, domains, addresses and sums."""
    names = [account.name] if account else []
    names += [submission.contact_name, submission.submitter.name]
    domains = [row.domain for row in account.domains.all()] if account else []
    people = (submission.submitter.email, submission.contact_email)
    domains += [address.rpartition("@")[2] for address in people]

    def masked(text: str) -> str:
        return mask(_hide_salesforce(text), names=names, domains=domains)

    return Wish(
        reference=submission.reference,
        summary=masked(submission.summary),
        problem=masked(submission.problem),
        workaround=masked(submission.workaround),
        impact=masked(submission.urgency_detail),
    )


def _hide_salesforce(text: str) -> str:
    """An account's link in quoted words would count as that account's own note."""
    for host in settings.SALESFORCE_HOSTS:
        text = re.sub(rf"https?://{re.escape(host)}\S*", "[link]", text, flags=re.IGNORECASE)
    return text
