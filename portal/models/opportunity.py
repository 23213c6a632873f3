"""Opportunities mirrored from Salesforce: new revenue an account may bring."""

from django.db import models
from django.utils import timezone

from portal.models.account import Account


class OpportunityQuerySet(models.QuerySet["Opportunity"]):
    def open(self) -> "OpportunityQuerySet":
        return self.filter(is_closed=False)


class Opportunity(models.Model):
    """`net_arr` is the net change in yearly revenue it would bring; `probability` in percent."""

    salesforce_id = models.CharField("Salesforce id", max_length=18, unique=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="opportunities")
    name = models.CharField(max_length=255)
    net_arr = models.DecimalField("net ARR", max_digits=14, decimal_places=2, null=True, blank=True)
    probability = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    closes_on = models.DateField("closes", null=True, blank=True)
    is_closed = models.BooleanField("closed", default=False)
    is_won = models.BooleanField("won", default=False)
    refreshed_at = models.DateTimeField()
    changed_at = models.DateTimeField(
        default=timezone.now, db_index=True
    )  # a field really differed

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        ordering = ["closes_on", "pk"]
        verbose_name_plural = "opportunities"

    def __str__(self) -> str:
        return self.name
