"""The database, its tables, and the cache in it."""

from collections.abc import Iterable
from uuid import uuid4

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from portal.doctor.registry import Finding, broken, fine, look, tries

MIGRATE = "Run `manage.py migrate`."


@tries("Database")
def try_database() -> Iterable[Finding]:
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        yield broken(
            f"It does not answer: {error}".strip(),
            "Check DATABASE_URL, and that the server runs and lets this machine in.",
        )
        return
    version = ".".join(str(part) for part in connection.get_database_version())
    yield fine(f"{connection.display_name} {version} answers.")
    yield from find_migrations()


def find_migrations() -> Iterable[Finding]:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        yield broken(f"{len(missing)} migrations are not applied.", MIGRATE)
    else:
        yield fine("Every migration is applied.")
    if connection.vendor == "sqlite":
        yield look(
            "SQLite serves one machine.",
            "For several web servers or workers set DATABASE_URL to PostgreSQL.",
        )


@tries("Cache")
def try_cache() -> Iterable[Finding]:
    key, value = f"doctor-{uuid4()}", uuid4().hex
    try:
        cache.set(key, value, 60)
        is_kept = cache.get(key) == value
        cache.delete(key)
    except DatabaseError as error:
        yield broken(f"The cache table cannot be used: {error}".strip(), MIGRATE)
        return
    if is_kept:
        yield fine("The cache table takes and gives.")
    else:
        yield broken("The cache table does not give back what it took.", MIGRATE)
