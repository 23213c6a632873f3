"""Salesforce links that people wrote into GitLab: read, never edited, never removed by us."""

from django.db import models
from django.db.models import Q

from intake.models.issue import Issue
from portal.models import Account, Opportunity


class FoundIn(models.TextChoices):
    NOTE = "note", "Comment"
    DESCRIPTION = "description", "Description of the issue"


class FoundLink(models.Model):
    """One link in one text. `account` is null while Salesforce has not told us of it.

    `counts_on` is the issue itself, or the last one where it was moved or closed as a duplicate.
    `points` (1..10) are of the first `customer priority::N` in the same text; `updated_at` is
    GitLab's. The portal's own notes are not kept here: for them the customer link is the truth.
    """

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="found_links")
    counts_on = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="counted_links")
    source = models.CharField(max_length=11, choices=FoundIn)
    note_id = models.PositiveBigIntegerField(null=True)
    is_internal = models.BooleanField(default=False)
    author_id = models.PositiveBigIntegerField(default=0)  # of the GitLab user
    author_name = models.CharField("author", max_length=255, blank=True)
    salesforce_id = models.CharField("Salesforce id", max_length=18, db_index=True)
    account = models.ForeignKey(
        Account, on_delete=models.SET_NULL, null=True, related_name="found_links"
    )
    opportunity = models.ForeignKey(
        Opportunity, on_delete=models.SET_NULL, null=True, related_name="found_links"
    )
    points = models.PositiveSmallIntegerField("priority points", null=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "note_id", "salesforce_id"], name="found_once_in_a_note"
            ),
            models.UniqueConstraint(
                fields=["issue", "salesforce_id"],
                condition=Q(note_id=None),
                name="found_once_in_a_description",
            ),
            models.CheckConstraint(
                condition=Q(source="note", note_id__isnull=False)
                | Q(source="description", note_id=None),
                name="a_note_has_its_number",
            ),
        ]
        indexes = [models.Index(fields=["counts_on", "account"], name="found_for_a_link")]

    def __str__(self) -> str:
        return f"{self.salesforce_id} in {self.get_source_display().lower()}"

    @property
    def url(self) -> str:
        """Of the comment, or of the issue; expects `issue` to be loaded."""
        address = self.issue.web_url
        return f"{address}#note_{self.note_id}" if self.note_id else address
