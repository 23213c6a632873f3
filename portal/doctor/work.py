"""Redis, and whether the worker and the beat have done anything lately."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError, ResponseError

from portal.celery import app
from portal.doctor.registry import Finding, broken, fine, look, tries
from portal.models import Door, Job

LONGEST_SILENCE = timedelta(minutes=1)
LATEST = {  # a few times each interval of the timetable
    "mirror_issues": timedelta(minutes=10),
    "refresh_salesforce": timedelta(hours=1),
    "find_contacts": timedelta(hours=1),
    "mirror_everything": timedelta(hours=48),
    "score": timedelta(minutes=15),
    "keep_day": timedelta(hours=48),
    "tidy_up": timedelta(hours=6),
}
START = "Start one worker (`celery -A portal worker`) and one beat (`celery -A portal beat`)."


@tries("Broker")
def try_broker() -> Iterable[Finding]:
    try:
        with app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=5)
            policy = read_policy(connection.default_channel)
    except (OperationalError, RedisError, OSError) as error:
        yield broken(
            f"Redis does not answer: {error}",
            "Check REDIS_URL. Pages go on; requests wait in the database until Redis is back.",
        )
        return
    yield fine("Redis answers.")
    if policy != "noeviction":
        yield look(
            f"Redis may forget messages when it is full (maxmemory-policy {policy}).",
            "Set maxmemory-policy to noeviction.",
        )


def read_policy(channel: Any) -> str:
    """What Redis does when its memory is full; assumed to be right where it does not tell."""
    try:
        told = channel.client.config_get("maxmemory-policy")
    except ResponseError:
        return "noeviction"
    return str(told.get("maxmemory-policy", "noeviction"))


@tries("Worker and beat")
def try_heartbeat() -> Iterable[Finding]:
    """The sweep runs every few seconds when both are there."""
    try:
        sweep = Job.objects.filter(name="sweep").first()
    except DatabaseError:
        yield broken("Their heartbeat cannot be read.", "See Database above.")
        return
    if sweep is None or sweep.finished_at is None:
        yield broken("Nothing has run here yet.", START)
        return
    silence = timezone.now() - sweep.finished_at
    told = f"Both were at work {tell_span(silence)} ago."
    yield fine(told) if silence < LONGEST_SILENCE else broken(told, START)


@tries("Timetable")
def try_jobs() -> Iterable[Finding]:
    now = timezone.now()
    try:
        jobs = list(Job.objects.filter(name__in=LATEST).order_by("name"))
    except DatabaseError:
        yield broken("It cannot be read.", "See Database above.")
        return
    for job in jobs:
        yield from judge_job(job, LATEST[job.name], now=now)


def judge_job(job: Job, latest: timedelta, *, now: datetime) -> Iterable[Finding]:
    if job.trouble:
        yield broken(f"{job.name}: {job.trouble}", "It is tried again by itself.")
    if job.finished_at is None:
        return
    silence = now - job.finished_at
    told = f"{job.name} last ended {tell_span(silence)} ago."
    if silence > latest:
        yield broken(told, START)
    elif not job.trouble:
        yield fine(told)


def tell_span(span: timedelta) -> str:
    seconds = max(0, int(span.total_seconds()))
    for size, word in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {word}{'s' if count > 1 else ''}"
    return f"{seconds} s"


@tries("Outside services")
def try_doors() -> Iterable[Finding]:
    try:
        shut = list(Door.objects.filter(is_shut=True))
    except DatabaseError:
        return
    for door in shut:
        since = f"{door.changed_at:%d %B, %H:%M} UTC"
        yield broken(
            f"{door.service} has refused us since {since}: {door.reason}",
            "Mend what is said below; work goes on by itself within a minute.",
        )
