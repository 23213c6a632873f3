"""Issues that may be the same wish, as the matcher ranked them for one submission."""

from django.conf import settings
from django.db import models

from intake.models.issue import Issue
from intake.models.submission import Submission


class Candidate(models.Model):
    """`score` is 0..1 as the matcher defines it. A pair that is "not the same" stays apart."""

    class Answer(models.TextChoices):
        OPEN = "open", "Not answered"
        SAME = "same", "The same"
        OTHER = "other", "Not the same"

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="candidates")
    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="candidacies")
    rank = models.PositiveSmallIntegerField()
    score = models.FloatField()
    verdict = models.CharField(max_length=8)
    reasons = models.JSONField(default=list)
    matcher_version = models.CharField(max_length=40)
    answer = models.CharField(max_length=5, choices=Answer, default=Answer.OPEN)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "issue"], name="candidate_once")
        ]

    def __str__(self) -> str:
        return f"{self.issue} ({self.score:.2f})"
