"""One computation of scores: over everything, or over what a change touched."""

from django.db import models

from intake.models import CrosswalkVersion
from scoring.models.weights_version import WeightsVersion


class RunKind(models.TextChoices):
    FULL = "full", "Everything"
    CHANGES = "changes", "What changed"


class ScoreRun(models.Model):
    """`inputs_hash` is there for full runs; `model_version` names the code's formulas.

    Rows that change around the moment a run starts may commit before or after it reads: the next
    run looks a while back, and `seen` tells it which of those changes are counted already.
    """

    kind = models.CharField(max_length=8, choices=RunKind)
    today = models.DateField()  # the day that months are counted from
    model_version = models.CharField(max_length=40)
    weights = models.ForeignKey(WeightsVersion, on_delete=models.PROTECT, null=True)
    crosswalk = models.ForeignKey(CrosswalkVersion, on_delete=models.PROTECT)
    inputs_hash = models.CharField(max_length=64, blank=True)
    issues = models.PositiveIntegerField(default=0)  # how many rows were written
    seen = models.JSONField(default=list)  # [table, primary key, changed at], of the last minutes
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["kind", "-id"], name="run_newest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.today}"
