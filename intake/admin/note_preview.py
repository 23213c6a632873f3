"""What the note in GitLab says, for the eyes of staff."""

from dataclasses import dataclass

from django.conf import settings

from intake.models import CustomerLink, NoteState, Submission
from intake.pipeline.demand import list_submissions
from intake.pipeline.note_text import write_note


@dataclass(frozen=True, slots=True)
class NotePreview:
    """`text` is empty for a note that is not ours. `url` leads to the note, or to its issue."""

    state: str
    state_label: str
    url: str
    text: str
    refusal: str
    is_internal: bool | None


def preview_note(submission: Submission) -> NotePreview | None:
    """The note of the request's link as it is or will be; None without a link."""
    link = (
        CustomerLink.objects.select_related("issue", "account__tam")
        .prefetch_related("account__domains")
        .filter(submissions=submission)
        .first()
    )
    return preview_link(link) if link else None


def preview_link(link: CustomerLink) -> NotePreview:
    return NotePreview(
        state=link.note_state,
        state_label=link.get_note_state_display(),
        url=f"{link.issue.web_url}#note_{link.note_id}" if link.note_id else link.issue.web_url,
        text=_write_text(link) if link.note_state in {NoteState.WANTED, NoteState.POSTED} else "",
        refusal=link.refusal,
        is_internal=link.is_note_internal,
    )


def _write_text(link: CustomerLink) -> str:
    submissions = list_submissions(link)
    if not submissions or not settings.SALESFORCE_HOSTS:
        return ""
    texts = write_note(link, submissions)
    seen_inside = link.is_note_internal or link.issue.is_confidential
    return texts.full if seen_inside else texts.link_only
