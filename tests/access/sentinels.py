"""Words that betray a leak: each stands in one place only, and each actor may read some of them."""

import html
import re
from decimal import Decimal
from urllib.parse import unquote

from django.conf import settings

MONEY = {"Northwind Freight": Decimal(5_555_555), "Quillfeather Foundry": Decimal(7_777_777)}

# By what they are about. A word is looked for in any case, a sum with and without separators.
SENTINELS: dict[str, tuple[str, ...]] = {
    "north name": ("Northwind Freight",),
    "north": ("Lindqvist", "pallets"),
    "named": ("gantries",),  # shared with the colleague
    "private": ("demurrage",),  # for the member's eyes alone
    "foundry": ("Quillfeather", "kilnwatch", "Verhoeven"),
    "internal": ("between-us-only",),
    "north money": ("5555555",),
    "foundry money": ("7777777",),
}
_OF_NORTH = {"north", "north name"}
# What each may read; everything else is a leak.
KNOWS: dict[str, set[str]] = {
    "anonymous": set(),
    "member": _OF_NORTH | {"named", "private"},
    "colleague": _OF_NORTH | {"named"},
    "lead": _OF_NORTH,
    "outsider": {"foundry"},
    "removed": {"north name"},  # they know where they belonged
    "unverified": set(),
    "submitter": _OF_NORTH | {"internal"},  # of the request they sent themselves
    "tam": _OF_NORTH | {"named", "private", "internal", "north money"},
    "other_tam": {"foundry", "foundry money", "internal"},
    "product": set(SENTINELS),
    "admin": set(SENTINELS),
}
_MONEY = SENTINELS["north money"] + SENTINELS["foundry money"]
# What the tracker must never hold; customers' own words may stand there, masked.
NOT_FOR_GITLAB = ("Northwind", "Lindqvist", "Okafor", "9999999", *SENTINELS["foundry"],
                  *SENTINELS["internal"], *_MONEY)  # fmt: skip
NOT_FOR_MAIL = _MONEY  # not even for staff, who may read it in the portal
NOT_FOR_LOGS = tuple(word for words in SENTINELS.values() for word in words)
_SEPARATOR = re.compile(r"(?<=\d)[,.'’_\s\u00a0\u202f\u2009](?=\d{3}(?!\d))")


def list_keys() -> tuple[str, ...]:
    """What nobody may read anywhere: the portal's own keys to other systems."""
    named = (
        settings.GITLAB_TOKEN,
        settings.GITLAB_WEBHOOK_SECRET,
        settings.SALESFORCE_CLIENT_SECRET,
        settings.SECRET_KEY,
    )
    return tuple(key for key in named if key)


def find_words(text: str, words: tuple[str, ...]) -> list[str]:
    """Those of the words that stand in the text, however it is written down."""
    readings = [text, html.unescape(text), unquote(text)]
    looked_at = "\n".join(readings).casefold()
    looked_at += "\n" + _SEPARATOR.sub("", looked_at)
    return [word for word in words if word.casefold() in looked_at]


def find_leaks(text: str, *, actor: str) -> list[str]:
    """Sentinels in the text that this actor must not read."""
    foreign = [
        word for topic, words in SENTINELS.items() if topic not in KNOWS[actor] for word in words
    ]
    return find_words(text, (*foreign, *list_keys()))
