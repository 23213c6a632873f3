"""Which labels of ours an issue carries in GitLab, as far as we know."""

from django.db import models

from intake.models import Issue


class PublishedLabels(models.Model):
    """`labels` are those we put there and have not taken back, one that a person took off
    included while it is still due. `due_at`: not before then, also the end of a worker's claim;
    while a write is under way `attempted` holds what it was to put there. `written_at`: when
    GitLab was last asked, and made to say what we want."""

    issue = models.OneToOneField(
        Issue, on_delete=models.CASCADE, primary_key=True, related_name="published_labels"
    )
    labels = models.JSONField(default=list)
    attempted = models.JSONField(default=list)
    refusal = models.CharField(max_length=300, blank=True)
    failures = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True, db_index=True)
    written_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "published labels"

    def __str__(self) -> str:
        return ", ".join(self.labels) or "none"
