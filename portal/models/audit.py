"""Who did what to what: written once, changed never."""

from typing import Any, NoReturn

from django.db import models


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    def update(self, **_: Any) -> NoReturn:
        raise TypeError("What was recorded is not changed.")

    def delete(self) -> NoReturn:
        raise TypeError("What was recorded is not deleted; retention drops what is too old.")


class AuditEntry(models.Model):
    """`actor` is text and no foreign key, so that it stays when the person is erased: a name for
    staff, the person's reference for customers, empty for the portal itself."""

    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=254, blank=True)
    actor_reference = models.CharField(max_length=10, blank=True, db_index=True)
    action = models.CharField(max_length=40)
    object_kind = models.CharField("what", max_length=40, blank=True)
    object_reference = models.CharField("which", max_length=80, blank=True)
    details = models.JSONField(default=dict, blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name_plural = "audit entries"
        indexes = [models.Index(fields=["object_kind", "object_reference"], name="audit_of_object")]

    def __str__(self) -> str:
        return f"{self.actor or 'the portal'}: {self.action}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("What was recorded is not changed.")
        super().save(*args, **kwargs)

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("What was recorded is not deleted; retention drops what is too old.")
