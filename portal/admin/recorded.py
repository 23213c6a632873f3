"""What is added, changed and deleted in the admin stands in the audit too."""

from collections.abc import Iterable
from typing import Any, cast

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from portal.actions.audit import record_audit
from portal.admin.bases import ModelAdmin
from portal.models import User

# Who may do what: of these the values are recorded, of everything else the names of the fields.
RIGHTS = frozenset({"role", "is_active"})


class Recorded(ModelAdmin):
    """Django asks for the message inside the transaction that saves, with all forms at hand."""

    is_recorded_by_action = False  # whoever saves by an action that records leaves it to that

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        by = cast(User, request.user)
        if not self.is_recorded_by_action:
            _record(form.instance, "added" if add else "changed", by=by, **tell_changes(form))
        for formset in formsets or ():
            _record_inlines(formset, by=by)
        return super().construct_change_message(request, form, formsets, add)

    def log_deletions(self, request: HttpRequest, queryset: "QuerySet[Any]") -> Any:
        rows: Iterable[Model] = queryset
        for row in rows:
            _record(row, "deleted", by=cast(User, request.user))
        return super().log_deletions(request, queryset)


def _record_inlines(formset: Any, *, by: User) -> None:
    changes = {form.instance.pk: tell_changes(form) for form in formset.forms}
    for row in formset.new_objects:
        _record(row, "added", by=by, **changes.get(row.pk, {}))
    for row, _fields in formset.changed_objects:
        _record(row, "changed", by=by, **changes.get(row.pk, {}))
    for row in formset.deleted_objects:
        _record(row, "deleted", by=by)


def _record(row: Model, verb: str, *, by: User, **changes: Any) -> None:
    if verb == "changed" and not changes.get("fields"):
        return  # saved as it was
    if account := getattr(row, "account_id", None):
        changes["account"] = account
    record_audit(f"{row._meta.verbose_name} {verb}", by=by, on=row, **changes)


def tell_changes(form: Any) -> dict[str, Any]:
    changed = list(form.changed_data)
    rights = {
        name: {"before": form.initial.get(name), "after": form.cleaned_data.get(name)}
        for name in changed
        if name in RIGHTS
    }
    return {"fields": changed, **rights}
