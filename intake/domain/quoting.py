"""Customer text on its way into GitLab: it can run nothing and call nobody.

GitLab executes any line that starts with `/` with our token's rights, and `@all` notifies.
"""

import re

from intake.domain.masking import mask
from intake.domain.plain_text import drop_controls

__all__ = ["mask", "quote", "quote_line"]

QUOTE_LIMIT = 4_000  # characters of one answer; the rest stays in the portal
TITLE_LIMIT = 255
# Mentions, labels, issues, merge requests, milestones, epics, snippets, alerts, and `&#64;`, which
# Markdown turns into one of them. A word joiner behind the sign looks the same and means nothing.
_REFERENCE = re.compile(r"[@＠~]|[#!%&$^](?=[\w#\"'{(\[])")
_MARKDOWN = re.compile(r"[\\\[\]<>`]")  # the backslash first of all: it would undo the others


def quote(text: str) -> str:
    """A Markdown block quote whose lines are plain words for GitLab."""
    clean = drop_controls(text)
    if len(clean) > QUOTE_LIMIT:
        clean = clean[:QUOTE_LIMIT].rstrip() + " …"
    return "\n".join(f"> {_disarm(line)}".rstrip() for line in clean.splitlines() or [""])


def _disarm(line: str) -> str:
    return _MARKDOWN.sub(r"\\\g<0>", _unlink(line.strip()))


def _unlink(words: str) -> str:
    return _REFERENCE.sub("\\g<0>\u2060", words)


def quote_line(text: str, limit: int = TITLE_LIMIT) -> str:
    """One line for a title: no control characters, no reference, no quick action."""
    return _unlink(" ".join(drop_controls(text).split()).lstrip("/ "))[:limit].rstrip()
