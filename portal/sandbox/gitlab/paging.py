"""Offset and keyset paging, with GitLab's headers."""

import base64
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from portal.sandbox.gitlab.access import refuse_parameter
from portal.sandbox.gitlab.call import Call

T = TypeVar("T")

COUNT_LIMIT = 10_000


def read_page(call: Call) -> tuple[int, int]:
    page, per_page = call.number("page", 1), call.number("per_page", 20)
    if page < 1:
        raise refuse_parameter("page does not have a valid value")
    if per_page < 1:
        raise refuse_parameter("per_page does not have a valid value")
    return page, min(per_page, 100)


def cut_page(call: Call, rows: Sequence[T]) -> tuple[list[T], dict[str, str]]:
    """One page of `rows` and its headers. Above 10,000 rows the total is not told."""
    rows, hidden = _apply_quirks(call, rows)
    page, per_page = read_page(call)
    start, total = (page - 1) * per_page, len(rows) + hidden
    last = max(1, -(-total // per_page))
    following = page + 1 if page < last else None
    headers = {"X-Page": str(page), "X-Per-Page": str(per_page)}
    headers["X-Next-Page"] = str(following or "")
    headers["X-Prev-Page"] = str(page - 1) if page > 1 else ""
    links = {"prev": page - 1 if page > 1 else None, "next": following, "first": 1}
    if total <= COUNT_LIMIT:
        headers |= {"X-Total": str(total), "X-Total-Pages": str(last)}
        links["last"] = last
    urls = {rel: _url(call, page=n, per_page=per_page) for rel, n in links.items() if n}
    headers["Link"] = ", ".join(f'<{url}>; rel="{rel}"' for rel, url in urls.items())
    shown = rows[max(0, start - hidden) : max(0, start + per_page - hidden)]
    return list(shown), headers


def cut_keyset(
    call: Call, rows: Sequence[T], key: Callable[[T], list[Any]]
) -> tuple[list[T], dict[str, str]]:
    """The rows after the cursor; `rows` are sorted already and `key` names one for the cursor."""
    rows, _ = _apply_quirks(call, rows)
    _, per_page = read_page(call)
    start = _after_cursor(call, rows, key)
    shown = list(rows[start : start + per_page])
    headers = {"X-Per-Page": str(per_page)}
    if start + per_page < len(rows) and shown:
        mark = base64.urlsafe_b64encode(json.dumps(key(shown[-1])).encode()).decode()
        headers["Link"] = f'<{_url(call, per_page=per_page, cursor=mark)}>; rel="next"'
    return shown, headers


def _after_cursor(call: Call, rows: Sequence[T], key: Callable[[T], list[Any]]) -> int:
    cursor = call.text("cursor")
    if not cursor:
        return 0
    try:
        mark = json.loads(base64.urlsafe_b64decode(cursor))
    except ValueError:
        raise refuse_parameter("cursor is invalid") from None
    descending = call.text("sort") != "asc"
    low, high = 0, len(rows)
    while low < high:
        middle = (low + high) // 2
        here = key(rows[middle])
        passed = here >= mark if descending else here <= mark
        low, high = (middle + 1, high) if passed else (low, middle)
    return low


def _apply_quirks(call: Call, rows: Sequence[T]) -> tuple[Sequence[T], int]:
    """Stale lists lose their newest rows; short pages begin with rows nobody may see."""
    stale = call.request.quirks.get("stale_list")
    if stale is not None:
        newest = sorted(rows, key=lambda row: (row.created_at, row.id))  # type: ignore[attr-defined]
        if "rows" in stale:
            gone = {row.id for row in newest[len(newest) - int(stale["rows"]) :]}  # type: ignore[attr-defined]
        else:
            limit = call.now.timestamp() - float(stale.get("seconds", 60))
            gone = {r.id for r in newest if r.created_at.timestamp() > limit}  # type: ignore[attr-defined]
        rows = [row for row in rows if row.id not in gone]  # type: ignore[attr-defined]
    short = call.request.quirks.get("short_page")
    return rows, int(short.get("drop", 1)) if short is not None else 0


def _url(call: Call, **changes: Any) -> str:
    pairs: list[tuple[str, Any]] = []
    for name, value in call.request.query.items():
        if name in changes or name in ("private_token", "page", "cursor"):
            continue
        if isinstance(value, list):
            pairs += [(f"{name}[]", item) for item in value]
        else:
            pairs.append((name, value))
    pairs += list(changes.items())
    base = call.base
    foreign = call.request.quirks.get("foreign_next")
    if foreign is not None:
        base = str(foreign["base"])
    return f"{base}{call.request.path}?{urlencode(pairs)}"
