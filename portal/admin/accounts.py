"""Accounts as Salesforce tells them; here staff say which domains lead to each."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from portal.admin.bases import ModelForm
from portal.admin.roles import ACCOUNT_KEEPERS, RoleAdmin, RoleInline
from portal.admin.site import site
from portal.domain.email_domain import email_domain
from portal.models import Account, AccountDomain, Membership, User
from portal.selectors.accounts import of_visible_accounts
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
    """Who belongs is said on the memberships' own page."""

    model = Membership
    verbose_name_plural = "members"
    fields = ["user", "is_confirmed", "is_lead", "basis", "created_at", "ended_at"]
    readonly_fields = ["user", "is_confirmed", "is_lead", "basis", "created_at", "ended_at"]
    show_change_link = True


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

    def narrow(self, rows: QuerySet[Any], person: User) -> QuerySet[Any]:
        return of_visible_accounts(rows, person, at="pk")

    @admin.display(description="ARR", ordering="arr")
    def yearly(self, account: Account) -> str | None:
        return None if account.arr is None else f"{account.arr:,.0f}"

    @admin.display(description="TAM", ordering="tam_name")
    def tam_shown(self, account: Account) -> str:
        return str(account.tam or account.tam_name)
