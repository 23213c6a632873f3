"""Opportunities as Salesforce tells them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet

from portal.admin.roles import LookOnly
from portal.admin.site import site
from portal.models import Opportunity, User
from portal.selectors.accounts import of_visible_accounts


@admin.register(Opportunity, site=site)
class OpportunityAdmin(LookOnly):
    list_display = ["name", "account", "net_arr", "probability", "closes_on", "is_closed", "is_won"]
    list_filter = ["is_closed", "is_won"]
    list_select_related = ["account"]
    search_fields = ["name", "account__name", "salesforce_id"]

    def narrow(self, rows: QuerySet[Any], person: User) -> QuerySet[Any]:
        return of_visible_accounts(rows, person)
