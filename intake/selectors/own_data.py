"""What requests keep about a person, for their own copy of it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from intake.domain.vocabulary import MailLevel
from intake.models import Attachment, Event, EventKind, Follower, SavedDraft, Submission
from intake.selectors.state_now import word_state
from intake.selectors.visibility import visible_submissions
from intake.selectors.wording import state_wording
from portal.models import User
from portal.selectors.own_data import Chapter, tells

OWN_WORDS = (
    *("reference", "created_at", "updated_at", "summary", "problem", "workaround"),
    *("urgency", "urgency_detail", "decide_by", "intent", "reach", "area", "links", "sharing"),
)


@tells("requests_you_sent")
def tell_requests(person: User) -> Chapter:
    """In their own words while they may read them; of requests that stayed with an organisation
    they left, that they sent them."""
    visible = visible_submissions(person).filter(submitter=person).order_by("created_at", "pk")
    wording = state_wording()
    files = _list_files(visible)
    told = [
        {
            **{name: getattr(row, name) for name in OWN_WORDS},
            "state": word_state(wording, row.public_state, row.release).label,
            "files": files.get(row.pk, []),
        }
        for row in visible.only(*OWN_WORDS, "public_state", "release")
    ]
    left = Submission.objects.filter(submitter=person).exclude(pk__in=visible.values("pk"))
    return [*told, *left.order_by("created_at", "pk").values("reference", "created_at")]


def _list_files(requests: "QuerySet[Submission]") -> dict[int, list[dict[str, Any]]]:
    files: dict[int, list[dict[str, Any]]] = {}
    rows = Attachment.objects.filter(submission__in=requests.values("pk")).order_by("pk")
    for pk, name, size in rows.values_list("submission", "name", "size"):
        files.setdefault(pk, []).append({"name": name, "bytes": size})
    return files


@tells("requests_sent_for_you")
def tell_contacts(person: User) -> Chapter:
    """Where somebody of our side named them as the contact."""
    rows = Submission.objects.filter(contact_email__iexact=person.email)
    return _in_order(rows, ("reference", "created_at", "contact_name", "contact_email"))


@tells("what_you_did_with_requests")
def tell_acts(person: User) -> Chapter:
    """Each act, with their own words where they may still read the request."""
    readable = set(visible_submissions(person).filter(events__actor=person).values_list("pk"))
    rows = Event.objects.filter(actor=person).order_by("at", "pk")
    return [
        {
            "request": reference,
            "at": at,
            "act": EventKind(kind).label,
            "your_words": text if (pk,) in readable else "",
        }
        for pk, reference, at, kind, text in rows.values_list(
            "submission", "submission__reference", "at", "kind", "text"
        )
    ]


@tells("requests_you_follow")
def tell_followed(person: User) -> Chapter:
    rows = Follower.objects.filter(user=person).order_by("pk")
    return [
        {"request": reference, "mail": MailLevel(level).label}
        for reference, level in rows.values_list("submission__reference", "level")
    ]


@tells("requests_shared_with_you")
def tell_shared(person: User) -> Chapter:
    named = visible_submissions(person).filter(~Q(submitter=person), shares__user=person)
    return _in_order(named, ("reference", "created_at"))


@tells("drafts")
def tell_drafts(person: User) -> Chapter:
    rows = SavedDraft.objects.filter(user=person).order_by("saved_at", "pk")
    return list(rows.values("saved_at", "expires_at", "fields", "file_names"))


def _in_order(requests: "QuerySet[Submission]", fields: Iterable[str]) -> Chapter:
    return list(requests.order_by("created_at", "pk").values(*fields))
