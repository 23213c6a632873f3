from intake.models.attachment import Attachment
from intake.models.candidate import Candidate
from intake.models.configuration import CrosswalkVersion, StateWording
from intake.models.customer_link import CustomerLink, Demand, NoteState
from intake.models.delivery import Delivery, Follower
from intake.models.draft import SavedDraft
from intake.models.event import Event, EventKind
from intake.models.found_link import FoundIn, FoundLink
from intake.models.issue import Issue, Project
from intake.models.share import Share
from intake.models.submission import Submission, make_reference, make_token
from intake.models.webhook import WebhookEvent

__all__ = [
    "Attachment",
    "Candidate",
    "CrosswalkVersion",
    "CustomerLink",
    "Delivery",
    "Demand",
    "Event",
    "EventKind",
    "Follower",
    "FoundIn",
    "FoundLink",
    "Issue",
    "NoteState",
    "Project",
    "SavedDraft",
    "Share",
    "StateWording",
    "Submission",
    "WebhookEvent",
    "make_reference",
    "make_token",
]
