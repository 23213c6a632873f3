"""Colleagues who were named as readers of a request that is not for the whole organisation."""

from django.conf import settings
from django.db import models

from intake.models.submission import Submission


class Share(models.Model):
    """Counts while the request's sharing is "named colleagues" and the person belongs to its
    account."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="shares")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="shared_with_me"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "user"], name="share_once")]

    def __str__(self) -> str:
        return f"{self.submission.reference} for {self.user}"
