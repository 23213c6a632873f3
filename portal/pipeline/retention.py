"""What the portal does not keep for ever: each function drops one thing and says how many."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from portal.models import AuditEntry, Invitation, Role, User


def drop_audit(*, before: datetime) -> int:
    """The database refuses to delete what is younger than a year. The admin's own log with it."""
    LogEntry.objects.filter(action_time__lt=before).delete()
    old = AuditEntry.objects.filter(at__lt=before)
    return QuerySet.delete(old)[0]  # its own refuses, so that nobody deletes in passing


def drop_sessions(*, now: datetime) -> int:
    """What has run out, and what the list of somebody's sessions says about it."""
    dropped: int = Session.objects.filter(expire_date__lt=now).delete()[0]
    is_open = Exists(Session.objects.filter(session_key=OuterRef("session_key")))
    UserSession.objects.exclude(is_open).delete()
    return dropped


def drop_cache(*, now: datetime) -> int:
    """Django itself drops what has run out only when the cache is full."""
    table = connection.ops.quote_name(settings.CACHES["default"]["LOCATION"])
    statement = f"DELETE FROM {table} WHERE expires < %s"  # noqa: S608  # nosec B608
    with connection.cursor() as cursor:
        cursor.execute(statement, [connection.ops.adapt_datetimefield_value(now)])
        return int(cursor.rowcount)


def drop_invitations(*, before: datetime) -> int:
    """Whoever did not come by then is nobody's expected colleague any more."""
    is_over = Q(expires_at__lt=before) | Q(withdrawn_at__lt=before) | Q(accepted_at__lt=before)
    dropped: int = Invitation.objects.filter(is_over).delete()[0]
    return dropped


def drop_strangers(*, before: datetime) -> int:
    """Addresses that were typed in at the door and never proven: nobody came in by them."""
    unknown = User.objects.filter(role=Role.CUSTOMER, last_login=None, memberships=None)
    unproven = unknown.filter(joined_at__lt=before, emailaddress__verified=False, erased_at=None)
    strangers = unproven.exclude(emailaddress__verified=True)
    return int(strangers.delete()[1].get("portal.User", 0))
