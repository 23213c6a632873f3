"""The timetable's memory: when each periodic job last ran, and who holds it now."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q


class JobQuerySet(models.QuerySet["Job"]):
    def claim(self, name: str, *, now: datetime, every: timedelta, lease: timedelta) -> bool:
        """Take the job if it is due and nobody holds it; several clocks may ask at once."""
        self.get_or_create(name=name)
        due = Q(started_at=None) | Q(started_at__lte=now - every)
        free = Q(leased_until=None) | Q(leased_until__lte=now)
        taken = self.filter(due, free, name=name).update(started_at=now, leased_until=now + lease)
        return taken == 1

    def finish(self, name: str, *, now: datetime, trouble: str = "") -> None:
        fields = {"finished_at": now} if not trouble else {}
        self.filter(name=name).update(leased_until=None, trouble=trouble[:300], **fields)


class Job(models.Model):
    """One row per periodic job; `finished_at` is the heartbeat that operators watch."""

    name = models.CharField(max_length=40, primary_key=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, blank=True)
    cursor = models.JSONField(default=dict)  # where an interrupted run goes on

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "periodic job"

    def __str__(self) -> str:
        return self.name
