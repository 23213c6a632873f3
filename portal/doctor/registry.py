"""The tries by subject, and how each is run so that one that breaks stops no other."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

FIRST = (
    *("Settings", "Database", "Cache", "Broker", "Worker and beat", "Timetable", "Mail"),
    *("Files", "Sign-in", "Outside services", "GitLab", "Salesforce"),
)
SHORTEST_SECRET = 4  # hiding less would eat ordinary words


class Health(StrEnum):
    FINE = "fine"
    LOOK = "look"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """`what` is a fact in words; `advice` says what to do about it, empty when nothing."""

    health: Health
    what: str
    advice: str = ""


Try = Callable[[], Iterable[Finding]]

_tries: dict[str, list[Try]] = {}


def fine(what: str) -> Finding:
    return Finding(Health.FINE, what)


def look(what: str, advice: str) -> Finding:
    """It works, and still deserves a look."""
    return Finding(Health.LOOK, what, advice)


def broken(what: str, advice: str) -> Finding:
    return Finding(Health.BROKEN, what, advice)


def tries(subject: str) -> Callable[[Try], Try]:
    """Register one; what it yields stands under the subject, in the order of registration."""

    def register(one: Try) -> Try:
        _tries.setdefault(subject, []).append(one)
        return one

    return register


def list_subjects() -> list[str]:
    """What is at home first, then what is outside, then what packages added."""
    return sorted(_tries, key=_place)


def run_tries(subjects: Iterable[str]) -> Iterable[tuple[str, Finding]]:
    for subject in subjects:
        for one in _tries[subject]:
            for finding in run_one(one):
                yield subject, hide_secrets(finding)


def _place(subject: str) -> int:
    return FIRST.index(subject) if subject in FIRST else len(FIRST)


def run_one(one: Try) -> list[Finding]:
    """A try that breaks is a finding too: the others still have their turn."""
    try:
        return list(one())
    except Exception as error:  # noqa: BLE001  nothing may stop the report
        name = type(error).__name__
        return [broken(f"{name}: {error}", "This was not foreseen: see the server's log.")]


def hide_secrets(finding: Finding) -> Finding:
    """Whatever an error's text repeats."""
    what, advice = finding.what, finding.advice
    for secret in list_secrets():
        what, advice = what.replace(secret, "…"), advice.replace(secret, "…")
    return Finding(finding.health, what, advice)


def read_key() -> str:
    """Empty when it is not set, which Django says by raising."""
    try:
        return settings.SECRET_KEY
    except ImproperlyConfigured:
        return ""


def list_secrets() -> list[str]:
    broker_password = settings.REDIS_URL.rpartition("@")[0].rpartition(":")[2]
    held = (
        read_key(),
        settings.GITLAB_TOKEN,
        settings.GITLAB_WEBHOOK_SECRET,
        settings.SALESFORCE_CLIENT_SECRET,
        settings.SALESFORCE_CONSUMER_KEY,
        settings.SALESFORCE_PRIVATE_KEY,
        *(app["secret"] for app in settings.OIDC_APPS),
        settings.DATABASES["default"].get("PASSWORD"),
        settings.EMAIL_HOST_PASSWORD,
        broker_password,
    )
    return [str(secret) for secret in held if secret and len(str(secret)) >= SHORTEST_SECRET]
