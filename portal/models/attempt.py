"""What is counted against a limit: one row an attempt, dropped when the longest limit is over."""

from django.db import models


class Attempt(models.Model):
    """`key` is a keyed hash of who tried (a person, an account, an address): nobody is named."""

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["kind", "key", "at"], name="attempt_count"),
            models.Index(fields=["at"], name="attempt_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M}"
