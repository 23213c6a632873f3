"""Who follows a submission, and which mail is owed to whom."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from intake.domain.vocabulary import MailLevel
from intake.models.event import Event
from intake.models.submission import Submission


class Follower(models.Model):
    """A person who hears of changes. `changes_mailed_at` starts the quiet day after a mail."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="followers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="followed"
    )
    level = models.CharField(max_length=12, choices=MailLevel, default=MailLevel.EVERY_CHANGE)
    changes_mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "user"], name="follower_once")]

    def __str__(self) -> str:
        return f"{self.user} follows {self.submission.reference}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, now: datetime) -> "DeliveryQuerySet":
        free = Q(leased_until=None) | Q(leased_until__lte=now)
        return self.filter(free, sent_at=None, due_at__lte=now)


class Delivery(models.Model):
    """One change owed to one follower: sent once, alone or in one mail with its neighbours."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="deliveries")
    follower = models.ForeignKey(Follower, on_delete=models.CASCADE, related_name="deliveries")
    due_at = models.DateTimeField(null=True, db_index=True)  # null: given up
    leased_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=120, blank=True)  # same for every attempt
    failures = models.PositiveIntegerField(default=0)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [models.UniqueConstraint(fields=["event", "follower"], name="delivery_once")]

    def __str__(self) -> str:
        return f"{self.event.kind} to {self.follower.user}"
