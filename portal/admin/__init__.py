"""The staff side of the site: Django's admin, entered by role."""

from portal.admin import accounts, audit, erase, memberships, opportunities, people

__all__ = ["accounts", "audit", "erase", "memberships", "opportunities", "people"]
