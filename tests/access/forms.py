"""What the rows post, by name: each is filled in well, so that only the rights decide."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME

from tests.access.world import World

Form = Callable[[World], dict[str, Any]]

_TEXT = {
    "kind": "change",
    "summary": "Print labels without a computer",
    "problem": "We walk to the office for each of them.",
    "urgency": "nice_to_have",
    "intent": "retain",
    "sharing": "organisation",
}
_TOKEN = str(UUID(int=1))


def _request(**fields: Any) -> Form:
    return lambda world: _TEXT | {"form_token": _TOKEN, "action": "send"} | fields


def _fixed(**fields: Any) -> Form:
    return lambda world: fields


def _named(**names: str) -> Form:
    """Fields whose values are rows of the world."""
    return lambda world: {field: world.names[name] for field, name in names.items()}


def _of(account: str, **fields: Any) -> Form:
    return lambda world: {"account": world.names[account], **fields}


def _person(account: str, actor: str) -> Form:
    return lambda world: {
        "account": world.names[account],
        "person": world.people[actor].reference,
        "is_lead": "1",
    }


def _bulk(action: str, row: str, **fields: Any) -> Form:
    return lambda world: {
        "action": action,
        ACTION_CHECKBOX_NAME: [str(world.names[row])],
        "index": "0",
        **fields,
    }


FORMS: dict[str, Form] = {
    # requests
    "send": _request(),
    "draft": _request(action="draft"),
    "behalf": lambda world: _request(account_search="Northwind", account=world.names["north"])(
        world
    ),
    "find-north": _request(action="find", account_search="Northwind"),
    "similar": _fixed(summary="A kilnwatch alarm by telephone", problem=""),
    "choose": _named(issue="issue"),
    "reply": lambda world: {"reply-text": "Thank you, this helps."},
    "contest": lambda world: {"contest-text": "Ours is about pallets."},
    "outcome": lambda world: {"outcome-outcome": "yes", "outcome-text": ""},
    "edit": _request(),
    "nothing": _fixed(),
    "follow": _fixed(action="follow"),
    "add-colleague": lambda world: {"action": "add", "person": world.names["colleague_pk"]},
    "add-outsider": lambda world: {"action": "add", "person": world.names["outsider_pk"]},
    "level": _fixed(level="never"),
    # signing in
    "code": _fixed(email="lena@northwind.example"),
    "address": _fixed(email="anew@northwind.example", action_add=""),
    "erase-member": lambda world: {"typed": world.people["member"].email},
    # colleagues
    "invite": _of("north", email="ines@elsewhere.example"),
    "invite-foundry": _of("foundry", email="ines@elsewhere.example"),
    "withdraw": _of("north", email="pallets@elsewhere.example"),
    "withdraw-foundry": _of("foundry", email="kilnwatch@elsewhere.example"),
    "waiting": _person("north", "unverified"),
    "waiting-foundry": _person("foundry", "unverified"),
    "colleague": _person("north", "colleague"),
    "stranger": _person("north", "outsider"),
    # triage
    "join": _named(issue="issue"),
    "question": _fixed(text="Which printer do you use?"),
    "points": _fixed(points="5"),
    "to-pool": _named(account="pool"),
    "to-north": _named(account="north"),
    "to-foundry": _named(account="foundry"),
    "foundry-deal": _named(opportunity="foundry_deal"),
    "bulk-join-open": _bulk("join_best", "open_pk"),
    "bulk-join-foreign": _bulk("join_best", "foreign_pk"),
    "bulk-ask-open": _bulk("ask_all", "open_pk"),
    "bulk-ask-foreign": _bulk("ask_all", "foreign_pk"),
    "bulk-decline-foreign": _bulk("decline_all", "foreign_pk", text="Not now."),
    "bulk-confirm": _bulk("confirm", "unverified_place"),
    "bulk-confirm-foundry": _bulk("confirm", "outsider_place"),
    "bulk-withdraw": _bulk("withdraw", "north_invitation"),
    "bulk-withdraw-foundry": _bulk("withdraw", "foundry_invitation"),
    "erase-by-admin": lambda world: {"typed": world.people["member"].reference},
    "bulk-again": _bulk("try_again", "north_link"),
    "bulk-again-foundry": _bulk("try_again", "foundry_link"),
    # priorities
    "estimate": _fixed(kind="duration_weeks", value="3", note="Measured."),
}
