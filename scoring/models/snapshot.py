"""Each day's scores, with all that is needed to compute them again."""

from django.db import models

from intake.models import Issue
from scoring.models.score_run import ScoreRun


class Snapshot(models.Model):
    """`inputs` is the whole of `scoring.domain.records.Inputs`, the weights and the crosswalk, as
    compressed JSON; `results_hash` is over every score, so that a replay can be compared to the
    cent."""

    day = models.DateField(unique=True)
    run = models.OneToOneField(ScoreRun, on_delete=models.PROTECT, related_name="snapshot")
    inputs = models.BinaryField()
    results_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"Snapshot of {self.day}"


class DayScore(models.Model):
    """One issue on one day: what trend lines and "what moved" read. Only issues with a priority.

    `parts` are the objects of `ScoreParts`, what a later day is compared with; they are emptied
    after some weeks, the numbers stay for over a year.
    """

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="scores")
    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="day_scores")
    day = models.DateField()
    rank = models.PositiveIntegerField(null=True)
    retention = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    growth = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    priority = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    weighted = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    score = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    linked_arr = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    accounts = models.PositiveIntegerField(default=0)
    weight = models.PositiveIntegerField(null=True)
    parts = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issue", "day"], name="issue_once_a_day")]
        indexes = [
            # Two days are joined inside it.
            models.Index(
                fields=["day", "issue", "score", "priority", "rank"], name="day_score_compared"
            )
        ]

    def __str__(self) -> str:
        return f"{self.issue_id} on {self.day}"
