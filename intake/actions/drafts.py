"""Nothing typed is lost: drafts saved on purpose, and drafts rescued from an ended session."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from intake.models import SavedDraft
from portal.models import User

KEPT_FOR = timedelta(days=30)
RESCUED_FOR = timedelta(hours=24)
MOST_RESCUED = 500  # anybody can post without signing in: the oldest make room


def save_draft(
    fields: dict[str, list[str]], *, file_names: list[str], by: User | None, is_on_behalf: bool
) -> SavedDraft:
    """Keep the posted fields as typed: one draft a person and form; a stranger's for a day."""
    now = timezone.now()
    with transaction.atomic():
        if by is not None:
            SavedDraft.objects.filter(user=by, is_on_behalf=is_on_behalf).delete()
        else:
            _make_room()
        return SavedDraft.objects.create(
            user=by,
            is_on_behalf=is_on_behalf,
            fields=fields,
            file_names=file_names,
            saved_at=now,
            expires_at=now + (KEPT_FOR if by else RESCUED_FOR),
        )


def _make_room() -> None:
    rescued = SavedDraft.objects.filter(user=None).order_by("-saved_at")
    SavedDraft.objects.filter(
        pk__in=list(rescued.values_list("pk", flat=True)[MOST_RESCUED - 1 :])
    ).delete()


def adopt_draft(token: str, *, by: User) -> SavedDraft | None:
    """Hand a rescued draft to whoever signed in with its cookie; None when it is gone."""
    now = timezone.now()
    with transaction.atomic():
        draft = SavedDraft.objects.filter(token=token, user=None, expires_at__gt=now).first()
        if draft is None:
            return None
        SavedDraft.objects.filter(user=by, is_on_behalf=draft.is_on_behalf).delete()
        draft.user, draft.expires_at = by, now + KEPT_FOR
        draft.save(update_fields=["user", "expires_at"])
    return draft


def discard_draft(*, by: User, is_on_behalf: bool) -> None:
    SavedDraft.objects.filter(user=by, is_on_behalf=is_on_behalf).delete()
