"""What staff tune without a release: the crosswalk, versioned, and the wording of states."""

from django.conf import settings
from django.db import models

from intake.domain.vocabulary import PublicState


class CrosswalkVersion(models.Model):
    """Urgency on the form → points, severity, value, pilot urgency. Rows are never changed.

    `table` maps each urgency to {"points", "severity", "value", "pilot_urgency"}; the newest
    version is in force and scoring notes which one it used.
    """

    number = models.PositiveIntegerField(unique=True)
    table = models.JSONField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"Crosswalk {self.number}"


class StateWording(models.Model):
    """How one public state is worded: a label and one sentence of meaning, `{release}` allowed."""

    state = models.CharField(max_length=16, choices=PublicState, primary_key=True)
    label = models.CharField(max_length=60)
    meaning = models.CharField(max_length=300)

    def __str__(self) -> str:
        return self.label
