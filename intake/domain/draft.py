"""What a person typed into the request form, checked and frozen."""

from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO
from uuid import UUID

from intake.domain.vocabulary import Sharing


@dataclass(frozen=True, slots=True)
class AttachmentDraft:
    """A file whose content has been looked at: `content_type` is told from the bytes."""

    name: str
    content_type: str
    size: int  # bytes
    content: BinaryIO


@dataclass(frozen=True, slots=True)
class RequestText:
    """The part of a request that its author may edit later."""

    summary: str
    problem: str
    workaround: str
    urgency: str
    urgency_detail: str  # what is blocked and since when; why they may leave
    decide_by: date | None  # churn risk: by when they must decide
    intent: str
    reach: int | None
    area: str  # key of the product file, empty for "not sure"
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Audience:
    """Who of the customer's own people may read a request; `named_ids` count with NAMED alone."""

    sharing: str = Sharing.ORGANISATION
    named_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class OnBehalf:
    """What only staff fill in when they submit for a customer."""

    account_id: int
    contact_name: str
    contact_email: str
    opportunity_id: int | None
    customer_words: str
    internal_note: str
    tell_contact: bool


@dataclass(frozen=True, slots=True)
class SubmissionDraft:
    """`form_token` is made with the form: the same form sent twice is one request.

    `colleague_ids` are kept informed; where `sharing` is NAMED they alone may read it.
    """

    form_token: UUID
    text: RequestText
    account_id: int | None = None  # chosen by a member of several accounts
    colleague_ids: tuple[int, ...] = ()
    sharing: str = Sharing.ORGANISATION
    chosen_issue_id: int | None = None  # "This is my request", pressed while writing
    attachments: tuple[AttachmentDraft, ...] = field(default=())
    on_behalf: OnBehalf | None = None
