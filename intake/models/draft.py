"""Unsent requests: saved by their author, or rescued when the session ended in between."""

from django.conf import settings
from django.db import models

from intake.models.submission import make_token


class SavedDraft(models.Model):
    """The posted fields as they were typed. Without a user it is bound to a signed cookie."""

    token = models.CharField(max_length=32, unique=True, default=make_token)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="drafts"
    )
    is_on_behalf = models.BooleanField(default=False)
    fields = models.JSONField(default=dict)
    file_names = models.JSONField(default=list)  # asked for again by name
    saved_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.fields.get("summary") or "Draft")
