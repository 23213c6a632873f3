"""Everything that administrators tune, versioned: rows are added, never changed."""

from django.conf import settings
from django.db import models


class WeightsVersion(models.Model):
    """`content` is `scoring.domain.weights.Weights` as JSON (`weights_text`); the newest version
    is in force, and each run names the one it used. Without any row the defaults are in force."""

    number = models.PositiveIntegerField(unique=True)
    content = models.JSONField()
    reason = models.CharField("why", max_length=300, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-number"]
        verbose_name = "set of weights"
        verbose_name_plural = "sets of weights"

    def __str__(self) -> str:
        return f"Weights {self.number}"
