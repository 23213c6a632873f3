"""A submission: one customer's wish, in their own words, and how far it has come."""

import secrets
from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from intake.domain.vocabulary import (
    Decider,
    Decision,
    Intent,
    Outcome,
    PublicState,
    Sharing,
    Stage,
    Trouble,
    Urgency,
)
from intake.models.customer_link import CustomerLink
from intake.models.issue import Issue
from portal.models import Account, Opportunity

REFERENCE_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"  # base32


def make_reference() -> str:
    """What people quote: R- and six random base32 characters."""
    return "R-" + "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(6))


def make_token() -> str:
    """What stands in URLs: 128 random bits."""
    return secrets.token_urlsafe(16)


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def open(self) -> "SubmissionQuerySet":
        """Wishes that still count as demand."""
        closed = [Decision.NOT_PLANNED, Decision.ALREADY_POSSIBLE]
        return self.filter(withdrawn_at=None).exclude(decision__in=closed)

    def awaiting_triage(self) -> "SubmissionQuerySet":
        """No final decision yet, or one a person must look at, whatever the stage."""
        undecided = Q(decision=Decision.PENDING)
        unchecked = Q(decided_by_kind=Decider.CUSTOMER, checked_at=None)
        contested = Q(contested_at__isnull=False)
        stuck = Q(
            decision__in=[Decision.JOINED, Decision.NEW_ISSUE],
            trouble__in=[
                Trouble.GITLAB_REFUSED,
                Trouble.ISSUE_GONE,
                Trouble.GAVE_UP,
                Trouble.NO_ACCOUNT,
                Trouble.SEVERAL_ACCOUNTS,
            ],
        )
        return self.filter(
            undecided | unchecked | contested | stuck | Q(needs_reason=True), withdrawn_at=None
        )

    def due(self, now: datetime) -> "SubmissionQuerySet":
        return self.filter(due_at__lte=now)

    def claim(self, pk: int, *, now: datetime, until: datetime) -> bool:
        """Take a due row: whoever moves `due_at` first has it, a crash frees it at `until`."""
        return (
            self.filter(pk=pk, due_at__lte=now).update(
                due_at=until, attempts=models.F("attempts") + 1
            )
            == 1
        )


class Submission(models.Model):
    """`due_at` says when the machine has work to do on this row; null while it rests.

    Clearing it is conditional on its value: whoever rings in between is not forgotten.
    """

    reference = models.CharField(max_length=8, unique=True, default=make_reference)
    token = models.CharField(max_length=32, unique=True, default=make_token)
    form_token = models.UUIDField()

    submitter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="submissions"
    )
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, blank=True, related_name="submissions"
    )
    contact_name = models.CharField(max_length=120, blank=True)
    contact_email = models.EmailField(max_length=254, blank=True)
    opportunity = models.ForeignKey(
        Opportunity, on_delete=models.SET_NULL, null=True, blank=True, related_name="submissions"
    )
    customer_words = models.TextField("the customer's own words", blank=True)
    internal_note = models.TextField(blank=True)

    summary = models.CharField(max_length=120)
    problem = models.TextField()
    workaround = models.TextField("how they cope now", blank=True)
    urgency = models.CharField(max_length=12, choices=Urgency)
    urgency_detail = models.TextField(blank=True)
    decide_by = models.DateField("must decide by", null=True, blank=True)
    intent = models.CharField(max_length=8, choices=Intent)
    reach = models.PositiveIntegerField("people who would use it", null=True, blank=True)
    area = models.CharField("part of the product", max_length=60, blank=True)
    links = models.JSONField(default=list, blank=True)
    sharing = models.CharField(
        "who may see it", max_length=12, choices=Sharing, default=Sharing.ORGANISATION
    )
    points_override = models.PositiveSmallIntegerField(
        "priority points set by a TAM",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
    )

    stage = models.CharField(max_length=16, choices=Stage, default=Stage.RECEIVED)
    matcher_version = models.CharField(max_length=40, blank=True)
    verdict = models.CharField(max_length=8, blank=True)
    trouble = models.CharField(max_length=20, choices=Trouble, default=Trouble.NONE, blank=True)
    trouble_detail = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveIntegerField(default=0)  # claimed without an orderly end
    failures = models.PositiveIntegerField(default=0)  # orderly ends that found something away
    due_at = models.DateTimeField(null=True, blank=True, db_index=True)

    decision = models.CharField(max_length=16, choices=Decision, default=Decision.PENDING)
    decided_by_kind = models.CharField(max_length=8, choices=Decider, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="decisions",
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)  # a customer's own choice, checked
    contested_at = models.DateTimeField(null=True, blank=True)  # "this is not the same thing"
    needs_reason = models.BooleanField(default=False)  # issue closed, customer not told why
    reason = models.TextField("reason told to the customer", blank=True)
    issue = models.ForeignKey(
        Issue, on_delete=models.PROTECT, null=True, blank=True, related_name="submissions"
    )
    link = models.ForeignKey(
        CustomerLink, on_delete=models.SET_NULL, null=True, blank=True, related_name="submissions"
    )
    is_issue_wanted = models.BooleanField(default=False)  # a new issue is to be opened
    issue_marker = models.UUIDField(null=True, blank=True)  # found again in GitLab after a crash
    issue_lease_until = models.DateTimeField(null=True, blank=True)
    abandoned_issue = models.ForeignKey(
        Issue, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )  # opened for this request, then taken back: to be closed

    public_state = models.CharField(
        max_length=16, choices=PublicState, default=PublicState.RECEIVED
    )
    release = models.CharField(max_length=60, blank=True)
    first_told_at = models.JSONField(default=dict, blank=True)  # public state → ISO 8601 time
    asked_at = models.DateTimeField(null=True, blank=True)  # waiting for the customer since
    answer_by = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)  # first word from a person
    last_word_at = models.DateTimeField(null=True, blank=True)
    review_on = models.DateField("looked at again on", null=True, blank=True)
    outcome = models.CharField(max_length=6, choices=Outcome, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = "request"
        indexes = [
            models.Index(fields=["account", "-created_at"], name="submission_of_account"),
            models.Index(fields=["decision", "answer_by"], name="submission_triage"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["submitter", "form_token"], name="form_sent_once"),
            models.CheckConstraint(
                condition=Q(decision=Decision.PENDING) | Q(decided_at__isnull=False),
                name="a_decision_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(decision=Decision.JOINED) | Q(issue__isnull=False),
                name="joined_means_an_issue",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.summary}"

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def is_decided(self) -> bool:
        return self.decision != Decision.PENDING
