"""What an issue's labels in GitLab say of it."""

from collections.abc import Iterable
from dataclasses import dataclass

TYPE, GROUP, THEME = "type::", "group::", "theme:"


@dataclass(frozen=True, slots=True)
class Scopes:
    """`type` and `group` without their scope; None without such a label."""

    type: str | None
    group: str | None
    themes: tuple[str, ...]


def read_scopes(labels: Iterable[str]) -> Scopes:
    """GitLab keeps one label of each scope with two colons; should it tell more, the first holds.

    A theme has one colon, and an issue may have several: sorted, each once.
    """
    kind = group = None
    themes = set()
    for label in labels:
        if label.startswith(TYPE):
            kind = kind or label.removeprefix(TYPE).strip() or None
        elif label.startswith(GROUP):
            group = group or label.removeprefix(GROUP).strip() or None
        elif label.startswith(THEME) and not label.startswith(THEME + ":"):
            themes.add(label.removeprefix(THEME).strip())
    return Scopes(kind, group, tuple(sorted(themes - {""})))
