"""Other TAMs' accounts in a score: one part together, without names. Sums stay whole."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

Part = dict[str, Any]


def fold_hidden(parts: Sequence[Part], hidden: Collection[int]) -> list[Part]:
    """The greatest priority first. The folded part has no `account`, and says in `accounts` of
    how many it is; what an account's own share is made of cannot be read from it."""
    shown = [part for part in parts if part["account"] not in hidden]
    folded = [part for part in parts if part["account"] in hidden]
    if folded:
        shown.append(_add_up(folded))
    return sorted(shown, key=lambda part: -Decimal(part["priority"]))


def _add_up(parts: Sequence[Part]) -> Part:
    sums = {
        name: sum((Decimal(part[name]) for part in parts), Decimal())
        for name in ("share", "priority")
    }
    accounts = len({part["account"] for part in parts})
    return {"account": None, "opportunity": None, "accounts": accounts, **sums}
