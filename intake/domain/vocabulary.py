"""The words of a request, used in code, screens and mail alike."""

from dataclasses import dataclass

from django.db.models import TextChoices


class Urgency(TextChoices):
    NICE_TO_HAVE = "nice_to_have", "Nice to have"
    IMPORTANT = "important", "Important"
    BLOCKER = "blocker", "Blocker"
    CHURN_RISK = "churn_risk", "We may leave or shrink"


class Intent(TextChoices):
    RETAIN = "retain", "Keep what we have"
    EXPAND = "expand", "Use more: seats, teams, projects"
    BOTH = "both", "Both"
    NOT_SURE = "not_sure", "Not sure"


class Sharing(TextChoices):
    ORGANISATION = "organisation", "My organisation"
    NAMED = "named", "Colleagues I choose"
    ONLY_ME = "only_me", "Only me"


class DemandKind(TextChoices):
    RETENTION = "retention", "Retention"
    GROWTH = "growth", "Growth"


class Stage(TextChoices):
    """What the machine has done for a submission; each stage is saved before the next begins."""

    RECEIVED = "received", "Received"
    MATCHED = "matched", "Searched"
    ACCOUNT_RESOLVED = "account_resolved", "Account known"
    ANNOUNCED = "announced", "Announced in GitLab"


class Decision(TextChoices):
    """What became of a submission; everything but PENDING is final until it is undone."""

    PENDING = "pending", "No decision yet"
    JOINED = "joined", "Joined with an issue"
    NEW_ISSUE = "new_issue", "New issue"
    NOT_PLANNED = "not_planned", "Not planned"
    ALREADY_POSSIBLE = "already_possible", "Already possible"


class Decider(TextChoices):
    RULE = "rule", "Rule"
    CUSTOMER = "customer", "Customer"
    PERSON = "person", "Staff"


class Trouble(TextChoices):
    """Why the machine cannot go on by itself, or is waiting."""

    NONE = "", "None"
    NO_ACCOUNT = "no_account", "No account yet: the address matches no customer account"
    SEVERAL_ACCOUNTS = "several_accounts", "Several accounts match: choose one"
    SALESFORCE_AWAY = "salesforce_away", "Salesforce is away: tried again by itself"
    GITLAB_AWAY = "gitlab_away", "GitLab is away: tried again by itself"
    INDEX_AWAY = "index_away", "The search index is being rebuilt: tried again by itself"
    GITLAB_REFUSED = "gitlab_refused", "GitLab refused the note or issue: look at the reason"
    ISSUE_GONE = "issue_gone", "The issue is gone or hidden: choose another"
    GAVE_UP = "gave_up", "Stopped after several failed attempts: look, then try again"


class PublicState(TextChoices):
    """What a customer is told. The wording of each is editable by staff."""

    RECEIVED = "received", "Received"
    UNDER_REVIEW = "under_review", "Under review"
    WAITING_FOR_YOU = "waiting_for_you", "Waiting for you"
    JOINED = "joined", "Joined with another request"
    NOT_PLANNED = "not_planned", "Not planned"
    ALREADY_POSSIBLE = "already_possible", "Already possible"
    CONSIDERED = "considered", "Considered"
    SCHEDULED = "scheduled", "Scheduled"
    HOPED_FOR = "hoped_for", "Hoped for"
    COMMITTED = "committed", "Committed"
    IN_PROGRESS = "in_progress", "In progress"
    SHIPPED = "shipped", "Shipped"
    CONFIRMED = "confirmed", "Confirmed by you"
    WITHDRAWN = "withdrawn", "Withdrawn"


class MailLevel(TextChoices):
    EVERY_CHANGE = "every_change", "Every change"
    WEEKLY = "weekly", "Once a week"
    ONLY_SHIPPED = "only_shipped", "Only when it ships"
    NEVER = "never", "No mail"


class Outcome(TextChoices):
    """The customer's answer to "Does this solve it?" after shipping."""

    YES = "yes", "Yes"
    PARTLY = "partly", "Partly"
    NO = "no", "No"


@dataclass(frozen=True, slots=True)
class CrosswalkRow:
    """What one urgency means elsewhere: points 1..10, severity P0..P2, pilot values 1..3."""

    points: int
    severity: str
    value: int
    pilot_urgency: int


DEFAULT_CROSSWALK: dict[str, CrosswalkRow] = {
    Urgency.NICE_TO_HAVE: CrosswalkRow(1, "P2", 1, 1),
    Urgency.IMPORTANT: CrosswalkRow(4, "P1", 2, 2),
    Urgency.BLOCKER: CrosswalkRow(7, "P1", 3, 2),
    Urgency.CHURN_RISK: CrosswalkRow(10, "P0", 3, 3),
}
