"""Mail: whether the server takes us. Nothing is sent."""

from collections.abc import Iterable
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import get_connection

from portal.doctor.registry import Finding, broken, fine, look, tries

KINDS = {"console": "the terminal", "locmem": "memory", "dummy": "nowhere", "filebased": "files"}


@tries("Mail")
def try_mail() -> Iterable[Finding]:
    kind = settings.EMAIL_BACKEND.split(".")[-2]
    try:
        server = get_connection()
        server.open()
        server.close()
    except (OSError, SMTPException, ValueError) as error:
        yield broken(
            f"The mail server cannot be used: {error}",
            "Check EMAIL_URL: host, port, encryption, name and password. Mail waits and is sent "
            "once this works.",
        )
        return
    if kind in KINDS:
        yield look(f"Mail goes to {KINDS[kind]}, not to people.", "Set EMAIL_URL=smtp+tls://…")
    else:
        yield fine(f"{settings.EMAIL_HOST} lets us in.")
    if not settings.OPERATOR_EMAILS:
        yield look(
            "Nobody hears when GitLab or Salesforce refuse us.",
            "Set OPERATOR_EMAILS to one address or several.",
        )
