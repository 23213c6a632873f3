from portal.models.account import Account, AccountDomain, Health, Membership
from portal.models.door import Door
from portal.models.job import Job
from portal.models.opportunity import Opportunity
from portal.models.user import STAFF_ROLES, TRIAGE_ROLES, Role, User

__all__ = [
    "STAFF_ROLES",
    "TRIAGE_ROLES",
    "Account",
    "AccountDomain",
    "Door",
    "Health",
    "Job",
    "Membership",
    "Opportunity",
    "Role",
    "User",
]
