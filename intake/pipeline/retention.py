"""Files are not kept for ever: they go when their request has been over for long."""

from datetime import datetime

from django.db.models import Q

from intake.domain.vocabulary import PublicState
from intake.models import Attachment
from intake.models.attachment import attachment_storage

ENDED = (
    PublicState.NOT_PLANNED,
    PublicState.ALREADY_POSSIBLE,
    PublicState.SHIPPED,
    PublicState.CONFIRMED,
    PublicState.WITHDRAWN,
)


def drop_attachments(*, before: datetime) -> int:
    """Of requests that ended and have not changed since. The request itself stays."""
    is_over = Q(submission__public_state__in=ENDED) | Q(submission__withdrawn_at__isnull=False)
    old = Attachment.objects.filter(is_over, submission__updated_at__lt=before)
    dropped = 0
    for attachment in old.order_by("pk"):
        name = str(attachment.file.name)
        attachment.delete()
        attachment_storage().delete(name)  # after its row: a file is lost sooner than a row lies
        dropped += 1
    return dropped


def drop_lost_files(*, before: datetime) -> int:
    """Left behind when a request could not be saved: no row knows them. None younger than
    `before`, whose row may still be on its way."""
    storage = attachment_storage()
    if not storage.exists(""):
        return 0
    known = set(Attachment.objects.values_list("file", flat=True))
    lost = [name for name in storage.listdir("")[1] if name not in known]
    old = [name for name in lost if storage.get_modified_time(name) < before]
    for name in old:
        storage.delete(name)
    return len(old)
