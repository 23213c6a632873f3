"""The staff side of the site: Django's admin, entered by role."""

from portal.admin import accounts, opportunities, people

__all__ = ["accounts", "opportunities", "people"]
