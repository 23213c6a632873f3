"""What a reader can do about each warning, and where."""

from dataclasses import dataclass
from enum import StrEnum

from scoring.domain.warning import WarningKind


class Place(StrEnum):
    """Where it is put right; nothing to be done where there is none."""

    GITLAB = "gitlab"
    SALESFORCE = "salesforce"
    ESTIMATES = "estimates"
    TRIAGE = "triage"
    OPERATIONS = "operations"
    NOWHERE = ""


@dataclass(frozen=True, slots=True)
class Advice:
    words: str
    place: Place


ADVICE: dict[WarningKind, Advice] = {
    WarningKind.WEIGHT_MISSING: Advice(
        "Without a weight there is no weighted score and no place in the ranking.", Place.GITLAB
    ),
    WarningKind.ARR_MISSING: Advice(
        "Until Salesforce knows the ARR, its links carry no money.", Place.SALESFORCE
    ),
    WarningKind.ARR_NEGATIVE: Advice("Correct the ARR in Salesforce.", Place.SALESFORCE),
    WarningKind.NET_ARR_MISSING: Advice(
        "Until Salesforce knows the net ARR, the opportunity carries no money.", Place.SALESFORCE
    ),
    WarningKind.NET_ARR_NEGATIVE: Advice(
        "The opportunity would shrink the account: is it the right one?", Place.SALESFORCE
    ),
    WarningKind.RENEWAL_MISSING: Advice(
        "Until Salesforce knows the date, the mildest multiplier counts.", Place.SALESFORCE
    ),
    WarningKind.RENEWAL_PAST: Advice(
        "Renewed or lost? Until Salesforce knows, the strongest multiplier counts.",
        Place.SALESFORCE,
    ),
    WarningKind.CLOSE_MISSING: Advice(
        "Until Salesforce knows the date, the mildest multiplier counts.", Place.SALESFORCE
    ),
    WarningKind.CLOSE_PAST: Advice(
        "Won or lost? Until Salesforce knows, the strongest multiplier counts.", Place.SALESFORCE
    ),
    WarningKind.NO_OPPORTUNITY: Advice(
        "Choose the opportunity in triage: until then the wish to use more carries no money.",
        Place.TRIAGE,
    ),
    WarningKind.OPPORTUNITY_CLOSED: Advice(
        "It was won or lost since. Nothing to do; what was lost is shown as lost ARR.",
        Place.NOWHERE,
    ),
    WarningKind.ONE_ACCOUNT: Advice(
        "Ask what others need before it is built for one.", Place.NOWHERE
    ),
    WarningKind.DATA_OLD: Advice(
        "Salesforce was not read for a week or more: see how the machine fares.", Place.OPERATIONS
    ),
    WarningKind.DURATION_MISSING: Advice(
        "Estimate it below, or weigh the issue in GitLab.", Place.ESTIMATES
    ),
    WarningKind.DURATION_DERIVED: Advice(
        "Fine to begin with; an estimate of weeks is better.", Place.ESTIMATES
    ),
    WarningKind.REACH_MISSING: Advice("Neither seats nor a person say it yet.", Place.ESTIMATES),
    WarningKind.REACH_PROPOSED: Advice("Confirm or correct it below.", Place.ESTIMATES),
    WarningKind.SEATS_MISSING: Advice(
        "The proposed reach leaves the account out until Salesforce knows its seats.",
        Place.SALESFORCE,
    ),
    WarningKind.IMPACT_MISSING: Advice("Estimate it below.", Place.ESTIMATES),
    WarningKind.CONFIDENCE_MISSING: Advice("Estimate it below.", Place.ESTIMATES),
    WarningKind.EFFORT_MISSING: Advice("Estimate it below.", Place.ESTIMATES),
    WarningKind.BUSINESS_VALUE_MISSING: Advice("Estimate it below.", Place.ESTIMATES),
    WarningKind.TIME_CRITICALITY_MISSING: Advice("Estimate it below.", Place.ESTIMATES),
    WarningKind.RISK_REDUCTION_MISSING: Advice("Estimate it below.", Place.ESTIMATES),
    WarningKind.JOB_SIZE_MISSING: Advice("Estimate it below.", Place.ESTIMATES),
}
