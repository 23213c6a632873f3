"""Doors to the outside: whether GitLab and Salesforce let us in at all."""

from django.db import models


class Door(models.Model):
    """Shut when a service refuses our token as a whole; probed each minute until it opens."""

    service = models.CharField(max_length=12, primary_key=True)  # "gitlab" or "salesforce"
    is_shut = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "outside service"

    def __str__(self) -> str:
        return f"{self.service}: {'shut' if self.is_shut else 'open'}"
