"""A database that is made for one run of the portal and dropped after it."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from psycopg import sql


@contextmanager
def own_database(url: str) -> Iterator[str]:
    """The address of a fresh database on the server of `url`; empty when that is not PostgreSQL:
    the portal then uses a file of its own."""
    if not urlsplit(url).scheme.startswith("postgres"):
        yield ""
        return
    name = sql.Identifier(own := f"portal_journeys_{uuid4().hex[:12]}")
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(name))
        try:
            yield urlsplit(url)._replace(path=f"/{own}").geturl()
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
