"""Triage in Django's admin: the queue, one request's page, and what staff tune."""

from intake.admin import configuration, customer_links, issues, operations, queue

__all__ = ["configuration", "customer_links", "issues", "operations", "queue"]
