"""What gateways return: frozen records of ours, never a client library's object."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

PLANNER = 15


class Visibility(StrEnum):
    """Who can open a GitLab project without being a member."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """The token we hold: its owner, its scopes, and the day it stops working."""

    user_id: int
    username: str
    scopes: tuple[str, ...]
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class ProjectRecord:
    """`access_level` is our token's role in the project (GitLab: 10 guest … 40 maintainer)."""

    id: int
    path: str
    visibility: Visibility
    web_url: str
    access_level: int | None

    @property
    def can_write_internal_notes(self) -> bool:
        """From planner (15) upwards; without the right GitLab writes an internal note in public.

        A role that comes only through a shared group is not seen here and counts as none.
        """
        return self.access_level is not None and self.access_level >= PLANNER


@dataclass(frozen=True, slots=True)
class MilestoneRecord:
    id: int
    title: str
    due_on: date | None
    is_closed: bool


@dataclass(frozen=True, slots=True)
class IssueKey:
    """Where an issue lives within one GitLab instance."""

    project_id: int
    iid: int


@dataclass(frozen=True, slots=True)
class IssueRecord:
    """`gitlab_id` is global in the instance, `key.iid` counts within the project.

    `has_gone_on`: moved or closed as a duplicate; the gateway's `successor` says where to.
    """

    gitlab_id: int
    key: IssueKey
    title: str
    description: str
    is_closed: bool
    labels: tuple[str, ...]
    milestone: MilestoneRecord | None
    weight: int | None
    is_confidential: bool
    type: str  # "issue", "incident", "task"
    author_id: int
    web_url: str
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    user_notes_count: int
    has_gone_on: bool = False
    author_name: str = ""


@dataclass(frozen=True, slots=True)
class Successor:
    """Where a closed issue went on: `reason` is "moved" or "duplicate"."""

    key: IssueKey
    reason: str


@dataclass(frozen=True, slots=True)
class NoteRecord:
    """A comment on an issue; system notes are left out by the gateway."""

    id: int
    body: str
    author_id: int
    is_internal: bool
    created_at: datetime
    updated_at: datetime
    author_name: str = ""


@dataclass(frozen=True, slots=True)
class LabelEventRecord:
    """A label put on an issue or taken off; `label` is empty where the label is no more."""

    id: int
    user_id: int
    label: str
    is_added: bool


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """A Salesforce account. Money in the organisation's corporate currency; ids of 18 characters.

    `health` is "green", "yellow", "red" or "unknown".
    """

    salesforce_id: str
    name: str
    arr: Decimal | None
    seats: int | None
    renewal_on: date | None
    health: str
    is_strategic: bool
    tam_email: str
    tam_name: str
    segment: str


@dataclass(frozen=True, slots=True)
class OpportunityRecord:
    """`probability` is a percentage, 0..100."""

    salesforce_id: str
    account_id: str
    name: str
    net_arr: Decimal | None
    probability: Decimal | None
    closes_on: date | None
    is_closed: bool
    is_won: bool


@dataclass(frozen=True, slots=True)
class ContactRecord:
    salesforce_id: str
    account_id: str
    name: str
    email: str
