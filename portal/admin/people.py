"""People and what they may do. Roles are given here and nowhere else."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from portal.actions.sessions import end_sessions
from portal.admin.bases import ModelForm
from portal.admin.roles import ADMINISTRATORS, RoleAdmin, person_of
from portal.admin.sign_in_acts import reset_sign_ins, sign_out_everywhere
from portal.admin.site import site
from portal.models import Membership, User
from portal.selectors.accounts import of_visible_accounts
from portal.selectors.people import visible_people


class PersonForm(ModelForm):
    """`by` is set by the page: nobody takes their own rights away by accident."""

    by: User

    class Meta:
        model = User
        fields = ["email", "name", "role", "is_active"]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()

    def clean(self) -> dict[str, Any] | None:
        fields = super().clean()
        kept = {"role": self.by.role, "is_active": True}
        if self.instance.pk == self.by.pk and any(
            self.cleaned_data.get(name, value) != value for name, value in kept.items()
        ):
            raise ValidationError("Ask another administrator to change your own rights.")
        return fields


@admin.register(User, site=site)
class PersonAdmin(RoleAdmin):
    may_add = may_change = ADMINISTRATORS
    form = PersonForm
    list_display = ["email", "name", "role", "is_active", "last_login", "joined_at"]
    list_filter = ["role", "is_active"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    actions = [sign_out_everywhere, reset_sign_ins]
    fields = ["email", "name", "role", "is_active", "joined_at", "last_login", "accounts"]

    def narrow(self, rows: QuerySet[Any], person: User) -> QuerySet[Any]:
        belongings = of_visible_accounts(Membership.objects.select_related("account"), person)
        shown = Prefetch("memberships", belongings, to_attr="shown_memberships")
        return rows.filter(pk__in=visible_people(person)).prefetch_related(shown)

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        return self.fields if obj else ["email", "name", "role"]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        fixed = ["joined_at", "last_login", "accounts"]
        return ["email", *fixed] if obj else fixed  # membership rests on the proven address

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.by = person_of(request)
        return form

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()  # people sign in by mailed code
        super().save_model(request, obj, form, change)
        if change and {"role", "is_active"} & set(form.changed_data):
            end_sessions(obj, by=person_of(request), now=timezone.now())

    @admin.display(description="accounts")
    def accounts(self, person: User) -> str:
        memberships = person.shown_memberships  # type: ignore[attr-defined]  # of `narrow`
        return ", ".join(_describe(each) for each in memberships) or "none"


def _describe(membership: Membership) -> str:
    if membership.ended_at:
        return f"{membership.account} (belonged there)"
    waits = "" if membership.is_confirmed else " (waits for confirmation)"
    return f"{membership.account}{waits}"
