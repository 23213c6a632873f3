"""A list of work typed by hand: one job a line, with its cost of delay and its duration."""

import re
from fractions import Fraction

from scoring.domain.delay_order import NamedJob

LINE = re.compile(
    r"(?P<name>\S.*?)[\s,;:|]+(?P<cost>[0-9]{1,12}(\.[0-9]{1,4})?)"
    r"[\s,;|]+(?P<duration>[0-9]{1,6}(\.[0-9]{1,4})?)",
    re.ASCII,
)
MOST_JOBS = 50


class UnfitJobs(ValueError):
    """A line that cannot be read; the message quotes it."""


def parse_jobs(text: str) -> tuple[NamedJob, ...]:
    """`A 30 6` a line. Empty lines are left out; durations are above 0. Raises UnfitJobs."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_JOBS:
        raise UnfitJobs(f"At most {MOST_JOBS} lines; there are {len(lines)}.")
    return tuple(_parse_line(line) for line in lines)


def _parse_line(line: str) -> NamedJob:
    found = LINE.fullmatch(line)
    duration = Fraction(found["duration"]) if found else Fraction()
    if found is None or not duration:
        raise UnfitJobs(
            f"“{line[:60]}”: a name, a cost of delay and a duration above 0, such as “A 30 6”."
        )
    return NamedJob(Fraction(found["cost"]), duration, found["name"])
