"""What people entered about an issue: who, when, why. Rows are added, never changed."""

from django.conf import settings
from django.db import models

from intake.models import Issue


class EstimateKind(models.TextChoices):
    DURATION_WEEKS = "duration_weeks", "Duration in weeks"
    REACH = "reach", "Confirmed reach"
    IMPACT = "impact", "Impact"
    CONFIDENCE = "confidence", "Confidence in percent"
    EFFORT = "effort", "Effort in person-months"
    BUSINESS_VALUE = "business_value", "Business value"
    TIME_CRITICALITY = "time_criticality", "Time criticality"
    RISK_REDUCTION = "risk_reduction", "Risk reduction or opportunity enablement"
    JOB_SIZE = "job_size", "Job size"
    MANUAL_VALUE = "manual_value", "Manual value"


class EstimateQuerySet(models.QuerySet["Estimate"]):
    def in_force(self) -> "EstimateQuerySet":
        """The newest of each issue and kind; one that takes the estimate back included."""
        newer = Estimate.objects.filter(
            issue=models.OuterRef("issue"),
            kind=models.OuterRef("kind"),
            pk__gt=models.OuterRef("pk"),
        )
        return self.filter(~models.Exists(newer))


class Estimate(models.Model):
    """`value` is a number in plain notation, for a manual value also low, medium or high; empty
    takes the estimate back. `reason` names a manual value's kind (`manual_value.Reason`)."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="estimates")
    kind = models.CharField(max_length=16, choices=EstimateKind)
    value = models.CharField(max_length=24, blank=True)
    reason = models.CharField(max_length=20, blank=True)
    note = models.CharField("why", max_length=300, blank=True)
    created_at = models.DateTimeField(db_index=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = EstimateQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["issue", "kind", "-id"], name="estimate_in_force")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.value or 'taken back'}"
