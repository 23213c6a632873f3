"""Accounts as Salesforce tells them; here staff say which domains and people belong to each."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from portal.actions.membership import confirm_membership
from portal.admin.bases import ModelForm
from portal.admin.roles import ACCOUNT_KEEPERS, RoleAdmin, RoleInline
from portal.admin.site import site
from portal.domain.email_domain import email_domain
from portal.models import Account, AccountDomain, Membership
from portal.sign_in import free_mail_domains


class NamedValuesFilter(admin.AllValuesFieldListFilter):
    """An empty value has words too: a link with nothing to read cannot be pressed."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield choice | {"display": choice["display"] or "Not known"}


class DomainForm(ModelForm):
    class Meta:
        model = AccountDomain
        fields = ["domain"]

    def clean_domain(self) -> str:
        typed = str(self.cleaned_data["domain"])
        try:
            domain = email_domain("@" + typed.rpartition("@")[2])
        except ValueError as error:
            raise ValidationError("This is not a domain name.") from error
        if "." not in domain:
            raise ValidationError("This is not a domain name.")
        if domain in free_mail_domains():
            raise ValidationError("Anybody can have an address there: it belongs to no account.")
        return domain


class DomainInline(RoleInline):
    model = AccountDomain
    form = DomainForm
    may_add = may_change = may_delete = ACCOUNT_KEEPERS


class MemberInline(RoleInline):
    """The basis is told by how somebody came; whoever is added here was entered by staff."""

    model = Membership
    may_add = may_change = may_delete = ACCOUNT_KEEPERS
    verbose_name_plural = "members"
    fields = ["user", "is_confirmed", "basis", "created_at"]
    readonly_fields = ["basis", "created_at"]
    autocomplete_fields = ["user"]


TOLD_BY_SALESFORCE = (
    "salesforce_id",
    "name",
    "yearly",
    "seats",
    "renewal_on",
    "health",
    "is_strategic",
    "segment",
    "tam",
    "tam_name",
    "refreshed_at",
)


@admin.register(Account, site=site)
class AccountAdmin(RoleAdmin):
    may_change = ACCOUNT_KEEPERS
    list_display = [
        "name",
        "yearly",
        "renewal_on",
        "health",
        "is_strategic",
        "segment",
        "tam_shown",
    ]
    list_filter = ["health", "is_strategic", ("segment", NamedValuesFilter)]
    list_select_related = ["tam"]
    search_fields = ["name", "salesforce_id", "domains__domain"]
    fields = TOLD_BY_SALESFORCE
    readonly_fields = TOLD_BY_SALESFORCE
    inlines = [DomainInline, MemberInline]

    @admin.display(description="ARR", ordering="arr")
    def yearly(self, account: Account) -> str | None:
        return None if account.arr is None else f"{account.arr:,.0f}"

    @admin.display(description="TAM", ordering="tam_name")
    def tam_shown(self, account: Account) -> str:
        return str(account.tam or account.tam_name)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if formset.model is Membership:
            for added in formset.extra_forms:
                added.instance.basis = Membership.Basis.STAFF
        super().save_formset(request, form, formset, change)


@admin.register(Membership, site=site)
class MembershipAdmin(RoleAdmin):
    """Who waits for a word that they really belong to the account of their domain."""

    list_display = ["user", "account", "basis", "is_confirmed", "created_at"]
    list_filter = ["is_confirmed", "basis"]
    list_select_related = ["user", "account"]
    search_fields = ["user__email", "user__name", "account__name"]
    ordering = ["is_confirmed", "-created_at"]
    actions = ["confirm"]

    def has_confirm_permission(self, request: HttpRequest) -> bool:
        return getattr(request.user, "role", None) in ACCOUNT_KEEPERS

    @admin.action(description="They belong to the account", permissions=["confirm"])
    def confirm(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        waiting = [each for each in queryset if not each.is_confirmed]
        for membership in waiting:
            confirm_membership(membership.user, membership.account, basis=membership.basis)
        self.message_user(request, f"{len(waiting)} confirmed.", messages.SUCCESS)
