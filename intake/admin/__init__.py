"""Triage in Django's admin: the queue, one request's page, and what staff tune."""

from intake.admin import (
    configuration,
    crosswalk,
    customer_links,
    found_links,
    issues,
    operations,
    queue,
)

__all__ = [
    "configuration",
    "crosswalk",
    "customer_links",
    "found_links",
    "issues",
    "operations",
    "queue",
]
