"""Who did what to what: recorded with the act, told by references, kept by the database itself."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from intake.actions.set_crosswalk import set_crosswalk
from intake.domain.vocabulary import DEFAULT_CROSSWALK
from portal.actions.audit import record_audit
from portal.models import Account, AccountDomain, AuditEntry, Role, User
from scoring.actions.set_weights import NothingDiffers, set_weights
from scoring.domain.weights import Weights
from tests.portal.test_admin_accounts import save_account

pytestmark = pytest.mark.django_db

LIST = "admin:portal_auditentry_changelist"
TABLE = AuditEntry._meta.db_table


@pytest.fixture
def ada(make_user: Callable[..., User]) -> User:
    return make_user("ada@larkfield.example", name="Ada", role=Role.ADMINISTRATOR)


def read_acts() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


# --- written once ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {TABLE} SET actor = 'nobody'",
        f"UPDATE {TABLE} SET at = '2001-01-01 00:00:00'",
        f"DELETE FROM {TABLE}",
    ],
)
def test_the_database_refuses_to_change_or_delete_what_was_recorded(
    tam: User, statement: str
) -> None:
    entry = record_audit("member confirmed", by=tam)
    with pytest.raises(DatabaseError, match="what was recorded"):
        run(statement)
    kept = AuditEntry.objects.get()
    assert (kept.actor, kept.at) == (entry.actor, entry.at)


def test_postgresql_refuses_to_empty_the_table_too(tam: User) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite knows no TRUNCATE")
    record_audit("member confirmed", by=tam)
    with pytest.raises(DatabaseError, match="what was recorded"):
        run(f"TRUNCATE {TABLE}")
    assert AuditEntry.objects.exists()


def test_a_year_on_the_database_lets_go(tam: User) -> None:
    record_audit("member confirmed", by=tam, now=timezone.now() - timedelta(days=364))
    record_audit("member confirmed", by=tam, now=timezone.now() - timedelta(days=366))
    run(f"DELETE FROM {TABLE} WHERE at = (SELECT min(at) FROM {TABLE})")
    with pytest.raises(DatabaseError, match="what was recorded"):
        run(f"DELETE FROM {TABLE}")
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entry.save(),
        lambda entry: entry.delete(),
        lambda entry: AuditEntry.objects.update(actor=""),
        lambda entry: AuditEntry.objects.all().delete(),
    ],
)
def test_code_that_tries_is_told_at_once(tam: User, change: Callable[[AuditEntry], Any]) -> None:
    entry = record_audit("member confirmed", by=tam)
    with pytest.raises(TypeError, match="recorded"):
        change(entry)


def test_an_act_that_fails_leaves_no_entry(ada: User) -> None:
    with pytest.raises(NothingDiffers):
        set_weights(Weights(), reason="", after=0, by=ada)
    assert read_acts() == []


# --- who and what ---------------------------------------------------------------------------


def test_staff_are_named_and_customers_told_by_reference(
    maya: User, tam: User, account: Account
) -> None:
    by_customer = record_audit("signed in", by=maya, on=maya)
    by_staff = record_audit("member confirmed", by=tam, on=account)
    by_portal = record_audit("answers exported", by=None)
    assert (by_customer.actor, by_customer.object_reference) == (maya.reference, maya.reference)
    assert by_staff.actor == "Priya Natarajan (Technical account manager)"
    assert by_staff.actor_reference == tam.reference
    assert (by_portal.actor, str(by_portal)) == ("", "the portal: answers exported")


# --- what is recorded -----------------------------------------------------------------------


def test_a_role_given_in_the_admin_is_recorded_with_both_values(
    client: Client, ada: User, maya: User
) -> None:
    client.force_login(ada)
    page = reverse("admin:portal_user_change", args=[maya.pk])
    client.post(page, {"name": maya.name, "role": "tam", "is_active": "on"})
    entry = AuditEntry.objects.get(action="person changed")
    assert (entry.actor_reference, entry.object_reference) == (ada.reference, maya.reference)
    assert entry.details == {"fields": ["role"], "role": {"before": "customer", "after": "tam"}}


def test_saving_without_a_change_is_not_recorded(client: Client, ada: User, maya: User) -> None:
    client.force_login(ada)
    page = reverse("admin:portal_user_change", args=[maya.pk])
    client.post(page, {"name": maya.name, "role": "customer", "is_active": "on"})
    assert "person changed" not in read_acts()


def test_a_person_added_by_an_administrator_is_recorded(client: Client, ada: User) -> None:
    client.force_login(ada)
    client.post(
        reverse("admin:portal_user_add"),
        {"email": "new@larkfield.example", "name": "New", "role": "tam"},
    )
    entry = AuditEntry.objects.get(action="person added")
    assert entry.object_reference == User.objects.get(email="new@larkfield.example").reference


def test_a_domain_is_recorded_without_its_name_or_the_accounts(
    client: Client, tam: User, account: Account
) -> None:
    client.force_login(tam)
    save_account(client, account, **{"domains-0-domain": "new-domain.example"})
    domain = AccountDomain.objects.get(domain="new-domain.example")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_reference) == ("account domain added", str(domain.pk))
    assert entry.details == {"fields": ["domain"], "account": account.pk}


def test_what_is_deleted_in_the_admin_is_recorded(client: Client, ada: User) -> None:
    client.force_login(ada)
    add = reverse("admin:intake_statewording_add")
    client.post(add, {"state": "shipped", "label": "Out", "meaning": "It is out."})
    client.post(reverse("admin:intake_statewording_delete", args=["shipped"]), {"post": "yes"})
    assert read_acts() == ["state wording added", "state wording deleted"]


def test_new_weights_and_a_new_crosswalk_are_recorded(ada: User) -> None:
    set_weights(Weights(buckets=3), reason="try three", after=0, by=ada)
    table = {
        urgency: {
            "points": row.points,
            "severity": row.severity,
            "value": row.value,
            "pilot_urgency": row.pilot_urgency,
        }
        for urgency, row in DEFAULT_CROSSWALK.items()
    }
    version = set_crosswalk(table, by=ada)
    weights, crosswalk = AuditEntry.objects.order_by("pk")
    assert (weights.action, weights.details) == ("weights set", {"version": 1})
    assert (crosswalk.action, crosswalk.details) == ("crosswalk set", {"version": version.number})


def test_whoever_takes_requests_out_is_recorded(client: Client, maya: User) -> None:
    client.force_login(maya)
    assert client.get(reverse("intake:export")).status_code == 200
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_reference) == ("requests exported", maya.reference)


@pytest.mark.parametrize("form", ["csv", "json"])
def test_whoever_takes_priorities_out_is_recorded(client: Client, tam: User, form: str) -> None:
    client.force_login(tam)
    assert client.get(reverse(f"scoring:issues_{form}")).status_code == 200
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.details) == ("priorities exported", {"form": form})


# --- the page -------------------------------------------------------------------------------


def test_administrators_read_and_search_it(client: Client, ada: User, maya: User) -> None:
    client.force_login(ada)
    record_audit("address changed", by=maya, on=maya)
    record_audit("person changed", by=ada, on=ada, role={"before": "tam", "after": "customer"})
    page = client.get(reverse(LIST), {"q": maya.reference}).content.decode()
    assert "address changed" in page
    assert "role: tam → customer" not in page
    everything = client.get(reverse(LIST)).content.decode()
    assert "role: tam → customer" in everything


@pytest.mark.parametrize("role", [Role.TAM, Role.PRODUCT_MANAGER])
def test_other_staff_do_not(client: Client, make_user: Callable[..., User], role: Role) -> None:
    client.force_login(make_user("x@larkfield.example", role=role))
    assert client.get(reverse(LIST)).status_code == 403
    assert "udit" not in client.get(reverse("admin:index")).content.decode()


def test_nobody_writes_there(client: Client, ada: User) -> None:
    client.force_login(ada)
    entry = record_audit("signed in", by=ada, on=ada)
    change = reverse("admin:portal_auditentry_change", args=[entry.pk])
    delete = reverse("admin:portal_auditentry_delete", args=[entry.pk])
    assert client.get(reverse("admin:portal_auditentry_add")).status_code == 403
    assert client.post(change, {"actor": "nobody"}).status_code == 403
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert client.get(change).status_code == 200
    ticked = {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"}
    client.post(reverse(LIST), ticked)
    assert AuditEntry.objects.filter(pk=entry.pk).exists()


def test_a_persons_page_leads_to_what_is_recorded_about_them(
    client: Client, ada: User, maya: User
) -> None:
    client.force_login(ada)
    page = client.get(reverse("admin:portal_user_change", args=[maya.pk])).content.decode()
    assert f"{reverse(LIST)}?q={maya.reference}" in page
