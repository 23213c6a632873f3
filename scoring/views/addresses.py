"""Addresses of the same list, looked at otherwise."""

from urllib.parse import urlencode

from django.http import QueryDict


def change(address: QueryDict, **parts: object) -> str:
    """With these parts instead, an empty one taken away; on the first page, unless one is named."""
    kept = [(name, value) for name, value in address.items() if name not in {"page", *parts}]
    return "?" + urlencode(kept + [(name, value) for name, value in parts.items() if value != ""])
