"""What happened to a submission, in order: the timeline and the audit in one append-only table."""

from django.conf import settings
from django.db import models

from intake.models.submission import Submission


class EventKind(models.TextChoices):
    RECEIVED = "received", "Received"
    EDITED = "edited", "Edited"
    ACCOUNT_RESOLVED = "account_resolved", "Account known"
    JOINED = "joined", "Joined with an issue"
    REJECTED = "rejected", "Candidate is not the same"
    ISSUE_WANTED = "issue_wanted", "New issue asked for"
    ISSUE_OPENED = "issue_opened", "New issue opened"
    ASKED = "asked", "Question to the customer"
    REPLIED = "replied", "Reply from the customer"
    NOT_PLANNED = "not_planned", "Not planned"
    ALREADY_POSSIBLE = "already_possible", "Already possible"
    UNDONE = "undone", "Decision taken back"
    CHECKED = "checked", "Customer's choice confirmed"
    CONTESTED = "contested", "Customer says: not the same"
    WITHDRAWN = "withdrawn", "Withdrawn"
    PROGRESSED = "progressed", "Status follows the issue"
    CONFIRMED = "confirmed", "Customer's verdict after shipping"
    ANNOUNCED = "announced", "Note in GitLab"
    FOLLOWED = "followed", "Issue moved or duplicate: followed"
    POINTS_SET = "points_set", "Priority points set"
    OPPORTUNITY_SET = "opportunity_set", "Opportunity chosen"


class Event(models.Model):
    """`actor_name` stays when the person is erased. `facts` hold what the sentence needs.

    `is_public` events are told to the customer; `text` is a person's own words.
    """

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=16, choices=EventKind)
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    actor_name = models.CharField(max_length=254, blank=True)  # empty: the portal itself
    text = models.TextField(blank=True)
    facts = models.JSONField(default=dict)
    is_public = models.BooleanField(default=False)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["submission", "at"], name="event_timeline")]

    def __str__(self) -> str:
        return f"{self.submission.reference} {self.kind}"
