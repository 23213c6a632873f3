"""Webhooks GitLab sent: stored at once, answered at once, handled later, each once."""

from django.db import models


class WebhookEvent(models.Model):
    key = models.CharField(max_length=100, unique=True)  # GitLab's Idempotency-Key
    kind = models.CharField(max_length=60)
    project_id = models.PositiveBigIntegerField(null=True)
    issue_iid = models.PositiveBigIntegerField(null=True)
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["handled_at", "received_at"], name="webhook_unhandled")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
