"""Quick actions: lines such as `/close` in posted text, found and taken out.

https://docs.gitlab.com/user/project/quick_actions/ — text in code blocks and quotes is left alone.
"""

import re

NAMES: tuple[str, ...] = (
    "close",
    "reopen",
    "label",
    "unlabel",
    "relabel",
    "weight",
    "clear_weight",
)
NAMES += ("confidential", "duplicate", "assign", "unassign", "title", "milestone")
NAMES += ("remove_milestone", "move", "due", "subscribe", "todo", "promote", "relate")
COMMAND = re.compile(r"^/(" + "|".join(NAMES) + r")(?:[ ]+([^\n]*?))?\s*$", re.IGNORECASE)
FENCE = re.compile(r"^(```|~~~|>>>)")
HTML_OPENS = re.compile(r"^<[^>]+?>\s*$")
HTML_CLOSES = re.compile(r"^</[^>]+?>\s*$")

Command = tuple[str, str]


def extract_commands(text: str) -> tuple[str, list[Command]]:
    """The text without its command lines, and the commands in order."""
    commands: list[Command] = []
    kept: list[str] = []
    fence = ""
    for line in text.splitlines():
        stripped = line.rstrip()
        if fence:
            ends = HTML_CLOSES.match(line) if fence == "<" else stripped == fence
            fence = "" if ends else fence
        elif opens := FENCE.match(line):
            fence = opens[1]
        elif HTML_OPENS.match(line) and not HTML_CLOSES.match(line):
            fence = "<"
        elif command := COMMAND.match(stripped):
            commands.append((command[1].lower(), (command[2] or "").strip()))
            continue
        kept.append(line)
    return ("\n".join(kept).strip() if commands else text), commands
