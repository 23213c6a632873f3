"""What of a text is worth searching by: dumps, traces and huge bodies cut to their head."""

import re

TITLE_LENGTH = 500
BODY_LENGTH = 6_000
READ_LENGTH = 60_000  # what lies beyond is never looked at
BLOCK_LINES = 30
MACHINE_LINES = 12

_LINE = re.compile(
    r"\s*(?:"
    r"(?P<fence>```|~~~|\{code|\{noformat)"
    r"|\[?\d{2,4}[-/:.]\d\d[-/:.]\d\d"  # a log line's date or time
    r"|[A-Z]/\w"  # logcat
    r"|\[(?:DEBUG|INFO|WARN|WARNING|ERROR|TRACE|FATAL)\]"
    r"|at\s+[\w.$<>]+\("  # a frame of a JVM or JavaScript trace
    r'|File ".*", line \d'  # Python
    r"|#?\d+:?\s+(?:0x[0-9a-fA-F]|\S+\s+0x[0-9a-fA-F])"  # native
    r"|(?:[0-9a-fA-F]{2,8}[ :]){4}"  # hexadecimal dump
    r")"
)


def trim_title(title: str) -> str:
    return title[:TITLE_LENGTH]


def trim_body(body: str) -> str:
    """At most 6,000 characters; of code blocks and machine output only the first lines."""
    if len(body) < 1_000 or body.count("\n", 0, READ_LENGTH) < MACHINE_LINES:
        return body[:BODY_LENGTH]
    kept: list[str] = []
    length = machine = fenced = 0
    inside = False
    for line in body[:READ_LENGTH].split("\n"):
        found = _LINE.match(line)
        if found and found["fence"]:
            inside, fenced = not inside, 0
        elif found:
            machine += 1
        fenced += inside
        if fenced > BLOCK_LINES or (found and not found["fence"] and machine > MACHINE_LINES):
            continue
        kept.append(line)
        length += len(line) + 1
        if length > BODY_LENGTH:
            break
    return "\n".join(kept)[:BODY_LENGTH]
