"""Files sent with a request; kept outside anything that is served directly."""

from django.core.files.storage import Storage, storages
from django.db import models

from intake.models.submission import Submission, make_token


def attachment_storage() -> Storage:
    return storages["attachments"]


def stored_name(attachment: "Attachment", file_name: str) -> str:
    """A random name: what the customer called the file never touches the disk."""
    return f"{make_token()}.bin"


class Attachment(models.Model):
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()  # bytes
    file = models.FileField(storage=attachment_storage, upload_to=stored_name)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
