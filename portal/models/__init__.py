from portal.models.account import Account, AccountDomain, Health, Membership
from portal.models.attempt import Attempt
from portal.models.audit import AuditEntry
from portal.models.door import Door
from portal.models.invitation import Invitation
from portal.models.job import Job
from portal.models.opportunity import Opportunity
from portal.models.user import STAFF_ROLES, TRIAGE_ROLES, Role, User

__all__ = [
    "STAFF_ROLES",
    "TRIAGE_ROLES",
    "Account",
    "AccountDomain",
    "Attempt",
    "AuditEntry",
    "Door",
    "Health",
    "Invitation",
    "Job",
    "Membership",
    "Opportunity",
    "Role",
    "User",
]
