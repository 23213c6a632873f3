"""Settings: every system check, those included that only the doctor runs."""

from collections.abc import Iterable

from django.core.checks import ERROR, run_checks

from portal.doctor.registry import Finding, broken, fine, look, tries


@tries("Settings")
def try_checks() -> Iterable[Finding]:
    found = run_checks()
    for message in found:
        judge = broken if message.level >= ERROR else look
        yield judge(str(message.msg), message.hint or "")
    if not found:
        yield fine("Nothing contradicts itself.")
