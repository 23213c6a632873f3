"""The tie between one account and one issue, and the one note that makes it visible in GitLab."""

from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone

from intake.domain.vocabulary import DemandKind
from intake.models.issue import Issue
from portal.models import Account, Opportunity


class NoteState(models.TextChoices):
    WANTED = "wanted", "To be posted"
    POSTED = "posted", "Posted by the portal"
    FOUND = "found", "Posted by a person"
    IN_ISSUE = "in_issue", "In the issue's own text"
    REMOVED = "removed", "Taken back"
    DELETED = "deleted", "Deleted by a person: left alone"
    REFUSED = "refused", "Refused by GitLab"


class CustomerLinkQuerySet(models.QuerySet["CustomerLink"]):
    def due(self, now: datetime) -> "CustomerLinkQuerySet":
        return self.filter(due_at__lte=now)

    def claim(self, pk: int, *, token: UUID, now: datetime, until: datetime) -> bool:
        """Lease the link's note. False while another worker may be writing it."""
        free = Q(leased_until=None) | Q(leased_until__lte=now)
        claimed = self.filter(free, pk=pk).update(
            lease_token=token, leased_until=until, due_at=until
        )
        return claimed == 1


class CustomerLink(models.Model):
    """Unique on (issue, account). Owns the note; `due_at` says when the note needs work.

    The lease is taken and committed before anything is asked of GitLab. While it runs nobody
    else lists or posts, so a write that arrives late is found, not repeated.

    `counted_with` is the version of the crosswalk that the demand rows were counted with; 0 asks
    for counting them again. `demand_changed_at` moves only when a row really differed.
    """

    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="customer_links")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="customer_links")
    note_state = models.CharField(max_length=8, choices=NoteState, default=NoteState.WANTED)
    note_id = models.PositiveBigIntegerField(null=True)
    note_digest = models.CharField(max_length=64, blank=True)  # of the text we last wrote
    is_note_internal = models.BooleanField(null=True)
    refusal = models.CharField(max_length=300, blank=True)
    lease_token = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, db_index=True)
    failures = models.PositiveIntegerField(default=0)
    hand_set_points = models.PositiveSmallIntegerField(null=True)  # customer priority::N in GitLab
    counted_with = models.PositiveIntegerField(default=0, db_index=True)
    demand_changed_at = models.DateTimeField(default=timezone.now, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CustomerLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issue", "account"], name="link_per_issue_and_account")
        ]

    def __str__(self) -> str:
        return f"{self.account} on {self.issue}"


class Demand(models.Model):
    """What a link asks for: one retention row at most, one growth row for each opportunity.

    `points` (1..10), `value`, `pilot_urgency` (1..3) and `severity` (P0..P2) are the highest
    among the open submissions of that kind. A growth row without an opportunity counts as demand
    and carries no money.
    """

    link = models.ForeignKey(CustomerLink, on_delete=models.CASCADE, related_name="demands")
    kind = models.CharField(max_length=10, choices=DemandKind)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.PROTECT, null=True)
    points = models.PositiveSmallIntegerField()
    value = models.PositiveSmallIntegerField(default=1)  # the pilot's low 1, medium 2, high 3
    pilot_urgency = models.PositiveSmallIntegerField(default=1)
    severity = models.CharField(max_length=2, default="P2")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["link"], condition=Q(kind="retention"), name="one_retention_demand"
            ),
            models.UniqueConstraint(
                fields=["link", "opportunity"], name="one_growth_demand_per_opportunity"
            ),
            models.UniqueConstraint(
                fields=["link"],
                condition=Q(kind="growth", opportunity=None),
                name="one_growth_demand_without_opportunity",
            ),
            models.CheckConstraint(
                condition=Q(points__gte=1, points__lte=10), name="points_from_1_to_10"
            ),
            models.CheckConstraint(
                condition=Q(kind="growth") | Q(opportunity=None), name="opportunity_means_growth"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.points}"
