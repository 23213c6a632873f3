"""Who belongs to which account, and who is expected there: staff have the word."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from portal.actions.colleagues import confirm_colleague, remove_colleague, set_lead
from portal.actions.invite import find_obstacle, invite, withdraw_invitation
from portal.actions.membership import confirm_membership
from portal.admin.bases import ModelForm
from portal.admin.roles import ACCOUNT_KEEPERS, RoleAdmin, person_of
from portal.admin.site import site
from portal.models import Invitation, Membership, User
from portal.selectors.accounts import of_visible_accounts

Act = Callable[..., bool]


class OfAccounts(RoleAdmin):
    """Rows of the accounts that exist for the person; written by actions, which record them."""

    may_add = ACCOUNT_KEEPERS
    is_recorded_by_action = True

    def narrow(self, rows: QuerySet[Any], person: User) -> QuerySet[Any]:
        return of_visible_accounts(rows, person)

    def has_keep_permission(self, request: HttpRequest) -> bool:
        return getattr(request.user, "role", None) in ACCOUNT_KEEPERS


class MembershipForm(ModelForm):
    """Also for somebody who waits or was removed: then it is their own row."""

    class Meta:
        model = Membership
        fields = ["user", "account", "is_lead"]

    def clean(self) -> dict[str, Any]:
        fields: dict[str, Any] = self.cleaned_data
        user, account = fields.get("user"), fields.get("account")
        if user and user.is_staff:
            raise ValidationError({"user": "They work for us; customers belong to accounts."})
        known = Membership.objects.filter(user=user, account=account).first()
        if known and known.is_confirmed:
            raise ValidationError({"user": "They belong to this account already."})
        self.instance = known or self.instance
        return fields


@admin.register(Membership, site=site)
class MembershipAdmin(OfAccounts):
    """First those who wait for a word that they really belong to the account of their domain."""

    form = MembershipForm
    list_display = ["user", "account", "basis", "is_confirmed", "is_lead", "created_at", "ended_at"]
    list_filter = ["is_confirmed", "is_lead", "basis", ("ended_at", admin.EmptyFieldListFilter)]
    list_select_related = ["user", "account"]
    search_fields = ["user__email", "user__name", "account__name"]
    ordering = ["is_confirmed", "-created_at"]
    autocomplete_fields = ["user", "account"]
    actions = ["confirm", "end", "name_lead", "take_lead_back"]

    def get_fields(self, request: HttpRequest, obj: Membership | None = None) -> Any:
        added = ["user", "account", "is_lead"]
        return (
            [*added, "is_confirmed", "basis", "address", "created_at", "ended_at"] if obj else added
        )

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        confirm_membership(
            obj.user,
            obj.account,
            basis=Membership.Basis.STAFF,
            address=obj.user.email,
            is_lead=obj.is_lead,
            by=person_of(request),
            now=timezone.now(),
        )
        obj.pk = Membership.objects.get(user=obj.user, account=obj.account).pk

    @admin.action(description="They belong to the account", permissions=["keep"])
    def confirm(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        self._act_on_each(request, queryset, confirm_colleague, "confirmed")

    @admin.action(description="They belong to it no more", permissions=["keep"])
    def end(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        self._act_on_each(request, queryset, remove_colleague, "ended")

    @admin.action(description="Name as lead: sees, invites and removes", permissions=["keep"])
    def name_lead(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        self._act_on_each(request, queryset, partial(set_lead, is_lead=True), "named as lead")

    @admin.action(description="Lead no more", permissions=["keep"])
    def take_lead_back(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        self._act_on_each(request, queryset, partial(set_lead, is_lead=False), "lead no more")

    def _act_on_each(
        self, request: HttpRequest, rows: QuerySet[Membership], act: Act, done: str
    ) -> None:
        by, now = person_of(request), timezone.now()
        count = sum(act(row.user, row.account, by=by, now=now) for row in rows)
        self.message_user(request, f"{count} {done}.", messages.SUCCESS)


class InvitationForm(ModelForm):
    """Inviting again is no obstacle: it begins the time again."""

    class Meta:
        model = Invitation
        fields = ["account", "email", "is_lead"]

    def clean(self) -> dict[str, Any]:
        fields: dict[str, Any] = self.cleaned_data
        account, email = fields.get("account"), fields.get("email", "").lower()
        if account and email and (why := find_obstacle(account, email, now=timezone.now())):
            raise ValidationError({"email": why})
        return fields


@admin.register(Invitation, site=site)
class InvitationAdmin(OfAccounts):
    """The portal mails nobody it does not know: whoever invites says so to the invited one."""

    form = InvitationForm
    list_display = ["email", "account", "is_lead", "invited_by", "created_at", "expires_at"]
    list_filter = [
        ("accepted_at", admin.EmptyFieldListFilter),
        ("withdrawn_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["account", "invited_by"]
    search_fields = ["email", "account__name"]
    autocomplete_fields = ["account"]
    actions = ["withdraw"]

    def get_fields(self, request: HttpRequest, obj: Invitation | None = None) -> Any:
        added = ["account", "email", "is_lead"]
        told = ["invited_by", "created_at", "expires_at", "accepted_at", "withdrawn_at"]
        return [*added, *told] if obj else added

    def save_model(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:
        made = invite(
            obj.account, obj.email, is_lead=obj.is_lead, by=person_of(request), now=timezone.now()
        )
        obj.pk = made.pk
        told = "Please tell them yourself to sign in with this address: the portal does not."
        self.message_user(request, told, messages.INFO)

    @admin.action(description="Withdraw", permissions=["keep"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        by, now = person_of(request), timezone.now()
        open_ones = queryset.filter(accepted_at=None, withdrawn_at=None)
        for invitation in open_ones.select_related("account"):
            withdraw_invitation(invitation, by=by, now=now)
        self.message_user(request, "Withdrawn.", messages.SUCCESS)
