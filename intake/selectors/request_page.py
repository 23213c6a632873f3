"""Everything the status page of one request shows, and nothing else."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef

from intake.domain.draft import RequestText
from intake.domain.issue_url import LinkCard, describe_link
from intake.domain.product import read_product
from intake.domain.steps import STOP_OF_STATE, Journey, Step, Stop, list_steps
from intake.domain.vocabulary import Decision, PublicState
from intake.models import Attachment, Submission
from intake.selectors.followers import Person, read_people
from intake.selectors.history import read_history
from intake.selectors.popularity import asked_for_by
from intake.selectors.similar import is_open_to_all
from intake.selectors.state_now import StateNow, word_state
from intake.selectors.timeline import TimelineEntry, tell_event, tell_events
from intake.selectors.visibility import is_author, visible_submissions
from intake.selectors.wording import state_wording
from portal.models import User

HAS_FILES = Exists(Attachment.objects.filter(submission=OuterRef("pk")))
ENDED_STATES = frozenset(
    {
        PublicState.SHIPPED,
        PublicState.CONFIRMED,
        PublicState.NOT_PLANNED,
        PublicState.ALREADY_POSSIBLE,
    }
)
SHIPPED_STATES = frozenset({PublicState.SHIPPED, PublicState.CONFIRMED})


@dataclass(frozen=True, slots=True)
class IssueCard:
    """The issue behind a request; without `url` it is tracked where customers cannot look."""

    title: str
    url: str
    number: str
    became: str
    asked_for_by: str
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class FileCard:
    id: int
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Rights:
    """What the reader may do now. The actions decide again when it is done."""

    is_author: bool
    may_reply: bool
    may_edit: bool
    may_withdraw: bool
    may_contest: bool
    may_confirm: bool
    may_share: bool


@dataclass(frozen=True, slots=True)
class RequestPage:
    token: str
    reference: str
    text: RequestText
    urgency: str
    intent: str
    area: str
    customer_words: str
    account: str
    author: str  # empty: the reader
    reader: str
    sharing: str
    outcome: str
    outcome_label: str
    release: str
    created_at: datetime
    updated_at: datetime
    answer_by: datetime
    review_on: date | None
    is_answered: bool
    state: StateNow
    steps: tuple[Step, ...]
    issue: IssueCard | None
    links: tuple[LinkCard, ...]
    files: tuple[FileCard, ...]
    people: tuple[Person, ...]
    timeline: tuple[TimelineEntry, ...]  # oldest first
    has_earlier: bool  # more than the page shows at once
    latest_word: TimelineEntry | None
    rights: Rights

    @property
    def has_shipped(self) -> bool:
        return self.state.key in SHIPPED_STATES

    @property
    def needs_outcome(self) -> bool:
        return self.rights.may_confirm and not self.outcome

    @property
    def updated_by(self) -> str:
        """Whose act the last entry is: the customer's side by name, ours as a team."""
        last = self.timeline[-1] if self.timeline else None
        if last is None or not last.is_own_side:
            return "our product team"
        return "you" if last.who == self.reader else last.who

    @property
    def named(self) -> tuple[Person, ...]:
        """Whom the author chose as readers."""
        return tuple(person for person in self.people if person.is_named)

    @property
    def followers(self) -> tuple[Person, ...]:
        return tuple(person for person in self.people if person.level)

    @property
    def others(self) -> tuple[Person, ...]:
        """Colleagues who could follow and do not."""
        return tuple(person for person in self.people if not person.level and not person.is_reader)

    @property
    def own_level(self) -> str:
        return next((person.level for person in self.people if person.is_reader), "")


def read_request(user: User, token: str, *, shows_all: bool = False) -> RequestPage:
    """Raises Submission.DoesNotExist for everything this person may not see."""
    requests = visible_submissions(user).select_related("issue__project", "account", "submitter")
    needed = requests.defer("issue__description", "issue__labels", "internal_note")
    submission = needed.annotate(has_files=HAS_FILES).get(token=token)
    wording = state_wording()
    history = read_history(submission, shows_all=shows_all)
    return RequestPage(
        **_read_facts(submission, user),
        state=word_state(wording, submission.public_state, submission.release),
        steps=list_steps(_read_journey(submission)),
        issue=_read_issue(submission),
        people=read_people(submission, user),
        timeline=tuple(tell_events(history.rows, wording, for_customer=True)),
        has_earlier=history.has_earlier,
        latest_word=tell_event(history.word, wording, for_customer=True) if history.word else None,
        rights=_read_rights(submission, user),
    )


def _read_facts(submission: Submission, reader: User) -> dict[str, Any]:
    area = read_product(settings.PRODUCT_FILE).areas.get(submission.area)
    is_own = submission.submitter_id == reader.pk
    return {
        "token": submission.token,
        "reference": submission.reference,
        "text": read_text(submission),
        "urgency": submission.get_urgency_display(),
        "intent": submission.get_intent_display(),
        "area": area.title if area else "",
        "customer_words": submission.customer_words,
        "account": submission.account.name if submission.account else "",
        "author": "" if is_own else str(submission.submitter),
        "reader": str(reader),
        "sharing": submission.sharing,
        "outcome": submission.outcome,
        "outcome_label": submission.get_outcome_display(),
        "release": submission.release,
        "created_at": submission.created_at,
        "updated_at": submission.updated_at,
        "answer_by": submission.answer_by,
        "review_on": submission.review_on,
        "is_answered": submission.answered_at is not None,
        "links": tuple(describe_link(url) for url in submission.links),
        "files": _read_files(submission),
    }


def _read_files(submission: Any) -> tuple[FileCard, ...]:
    """Expects to be told whether there are any."""
    if not submission.has_files:
        return ()
    return tuple(FileCard(file.pk, file.name, file.size) for file in submission.attachments.all())


def read_text(submission: Submission) -> RequestText:
    names = RequestText.__dataclass_fields__
    values = {name: getattr(submission, name) for name in names} | {
        "links": tuple(submission.links)
    }
    return RequestText(**values)


def _read_journey(submission: Submission) -> Journey:
    """A stop is reached when the first of its states was told."""
    reached: dict[Stop, datetime] = {}
    for state, told_at in submission.first_told_at.items():
        if stop := STOP_OF_STATE.get(state):
            at = datetime.fromisoformat(told_at)
            reached[stop] = min(at, reached.get(stop, at))
    return Journey(
        state=submission.public_state,
        received_at=submission.created_at,
        answer_by=submission.answer_by,
        answered_at=submission.answered_at,
        decided_at=submission.decided_at,
        reached=reached,
    )


def _read_issue(submission: Submission) -> IssueCard | None:
    issue = submission.issue
    if issue is None:
        return None
    is_public = is_open_to_all(issue)
    return IssueCard(
        title=issue.title_for_customers if issue.is_shown_to_customers else "",
        url=issue.web_url if is_public else "",
        number=f"#{issue.iid}" if is_public else "",
        became="Closed" if issue.is_closed else "Open",
        asked_for_by=asked_for_by([issue.pk])[issue.pk],
        checked_at=issue.project.mirrored_at or issue.mirrored_at,
    )


def _read_rights(submission: Submission, reader: User) -> Rights:
    is_ours = is_author(reader, submission)
    is_open = not submission.is_withdrawn
    has_shipped = submission.public_state in SHIPPED_STATES
    is_joined = submission.decision == Decision.JOINED and submission.contested_at is None
    may_edit = is_ours and is_open and submission.public_state not in ENDED_STATES
    return Rights(
        is_author=is_ours,
        may_reply=is_open,
        may_edit=may_edit,
        may_share=may_edit and not reader.is_staff,
        may_withdraw=is_ours and is_open and not has_shipped,
        may_contest=is_ours and is_open and is_joined and not has_shipped,
        may_confirm=is_ours and is_open and has_shipped,
    )
