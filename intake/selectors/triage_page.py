"""Everything the triage page of one request shows, read in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from intake.domain.demand import decide_points
from intake.domain.product import read_product
from intake.domain.triage_reasons import offer_acts, tell_reasons
from intake.domain.vocabulary import Trouble
from intake.domain.wording import Wording
from intake.models import Attachment, CrosswalkVersion, CustomerLink, Submission
from intake.selectors.account_glance import AccountGlance, glance_at_accounts
from intake.selectors.candidate_glance import (
    CandidateGlance,
    IssueGlance,
    describe_issues,
    list_candidates,
)
from intake.selectors.found_glance import FoundGlance, list_found_on
from intake.selectors.timeline import (
    TimelineEntry,
    leave_out_former_accounts,
    read_events,
    tell_events,
)
from intake.selectors.triage import (
    QUEUE_ORDER,
    Look,
    in_queue_order,
    needing_a_person,
    read_facts,
)
from intake.selectors.wording import state_wording
from portal.models import Opportunity, User
from portal.selectors.accounts import sees_every_account, visible_accounts


@dataclass(frozen=True, slots=True)
class Points:
    """The customer's own answer, the priority label set by hand in GitLab, a TAM's override; and
    the points that hold now."""

    answer: int
    hand_set: int | None
    override: int | None
    now: int


@dataclass(frozen=True, slots=True)
class TriagePage:
    """`public` is what the customer reads; `joined` the issue the request is tied to."""

    reasons: list[str]
    acts: frozenset[str]
    candidates: list[CandidateGlance]
    best: CandidateGlance | None
    joined: IssueGlance | None
    account: AccountGlance | None
    others: Sequence[CustomerLink]
    opportunities: Sequence[Opportunity]
    points: Points
    found: Sequence[FoundGlance]
    area: str
    attachments: Sequence[Attachment]
    public: Wording
    timeline: list[TimelineEntry]
    is_breaching: bool
    next_id: int | None
    trouble_detail: str


def read_triage_page(submission: Submission, look: Look) -> TriagePage:
    """Expects a row of `in_queue_order`."""
    facts = read_facts(submission)
    acts = offer_acts(facts)
    candidates = list_candidates(submission.pk)
    undecided = [each for each in candidates if each.answer == "open"]
    return TriagePage(
        reasons=tell_reasons(facts, today=look.today),
        acts=acts,
        candidates=candidates,
        best=undecided[0] if undecided and "join" in acts else None,
        joined=_read_joined(submission),
        account=_glance(submission),
        others=_read_other_links(submission),
        opportunities=_read_opportunities(submission),
        points=_read_points(submission),
        found=list_found_on(submission.issue_id, reader=look.user),
        area=_name_area(submission.area),
        attachments=list(submission.attachments.all()),
        public=state_wording()[submission.public_state].for_release(submission.release),
        timeline=_tell_history(submission, look.user),
        is_breaching=submission.is_breaching,  # type: ignore[attr-defined]
        next_id=_find_next(submission, look),
        trouble_detail=_tell_trouble(submission, look.user),
    )


def _tell_history(submission: Submission, reader: User) -> list[TimelineEntry]:
    """Newest first. What was said of an account it did not stay with is not for a TAM, whose
    account that may not be."""
    rows = read_events(submission, for_customer=False)
    if not sees_every_account(reader):
        rows = leave_out_former_accounts(rows)
    return tell_events(rows, state_wording(), for_customer=False)[::-1]


def _tell_trouble(submission: Submission, reader: User) -> str:
    """Where several accounts fit, those that exist for the reader."""
    detail = submission.trouble_detail
    if submission.trouble != Trouble.SEVERAL_ACCOUNTS or sees_every_account(reader):
        return detail
    known = visible_accounts(reader).filter(name__in=detail.split(", "))
    return ", ".join(known.order_by("name").values_list("name", flat=True))


def _read_joined(submission: Submission) -> IssueGlance | None:
    return describe_issues([submission.issue])[0] if submission.issue else None


def _glance(submission: Submission) -> AccountGlance | None:
    account = submission.account
    return glance_at_accounts([account])[account.pk] if account else None


def _read_other_links(submission: Submission) -> Sequence[CustomerLink]:
    """What else the account asks for."""
    if submission.account_id is None:
        return []
    links = CustomerLink.objects.filter(account=submission.account_id, demands__isnull=False)
    others = links.exclude(submissions=submission).distinct()
    return list(others.select_related("issue").order_by("-created_at")[:8])


def _read_opportunities(submission: Submission) -> Sequence[Opportunity]:
    if submission.account_id is None:
        return []
    return list(Opportunity.objects.open().filter(account=submission.account_id))


def _read_points(submission: Submission) -> Points:
    table = CrosswalkVersion.objects.order_by("-number").values_list("table", flat=True)[0]
    answer, override = int(table[submission.urgency]["points"]), submission.points_override
    link = CustomerLink.objects.filter(pk=submission.link_id or 0)
    hand_set = link.values_list("hand_set_points", flat=True).first()
    now = decide_points(override=override, hand_set=hand_set, answer=answer)
    return Points(answer, hand_set, override, now)


def _name_area(key: str) -> str:
    area = read_product(settings.PRODUCT_FILE).areas.get(key)
    return area.title if area else key


def _find_next(submission: Submission, look: Look) -> int | None:
    """The first of the queue that is not this one."""
    queue = in_queue_order(needing_a_person(look), now=look.now)
    rest = queue.exclude(pk=submission.pk).order_by(*QUEUE_ORDER)
    return rest.values_list("pk", flat=True).first()
