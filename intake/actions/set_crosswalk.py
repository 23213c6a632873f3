"""An administrator puts a new version of the crosswalk in force."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from intake.actions.doorbell import ring_for_demand
from intake.models import CrosswalkVersion
from portal.actions.audit import record_audit
from portal.models import User

Table = Mapping[str, Mapping[str, int | str]]


def set_crosswalk(table: Table, *, by: User) -> CrosswalkVersion:
    """Versions are added, never changed. Every customer link is counted again by the worker: each
    knows the version it was counted with."""
    with transaction.atomic():
        newest = CrosswalkVersion.objects.select_for_update().order_by("-number").first()
        version = CrosswalkVersion.objects.create(
            number=newest.number + 1 if newest else 1,
            table={urgency: dict(row) for urgency, row in table.items()},
            created_at=timezone.now(),
            created_by=by,
        )
        record_audit("crosswalk set", by=by, on=version, version=version.number)
        transaction.on_commit(ring_for_demand)
    return version
