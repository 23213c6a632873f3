"""The acts of triage by name: the form each takes, the action it calls, what is said after."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from intake.actions import triage
from intake.forms.triage import (
    AccountForm,
    ActForm,
    IssueForm,
    OpportunityForm,
    PointsForm,
    QuestionForm,
    ReasonForm,
)
from intake.models import Submission
from portal.models import User

Answers = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """`said` may name what was chosen: `{issue}`, `{account}`."""

    form: type[ActForm]
    run: Callable[[Submission, Answers, User], None]
    said: str


ACTS: dict[str, Act] = {
    "join": Act(
        IssueForm,
        lambda row, given, by: triage.join(row, issue=given["issue"], by=by),
        "Joined with {issue}. You can take it back.",
    ),
    "reject": Act(
        IssueForm,
        lambda row, given, by: triage.reject(row, issue=given["issue"], by=by),
        "{issue} will not be offered for this request again.",
    ),
    "create": Act(
        ActForm,
        lambda row, _, by: triage.create_issue(row, by=by),
        "A new issue will be opened in GitLab. You can take it back.",
    ),
    "ask": Act(
        QuestionForm,
        lambda row, given, by: triage.ask(row, given["text"], by=by),
        "The question was sent. The request waits for the customer.",
    ),
    "decline": Act(
        ReasonForm,
        lambda row, given, by: triage.decline(row, given["text"], by=by),
        "Not planned. The customer reads your reason. You can take it back.",
    ),
    "possible": Act(
        ReasonForm,
        lambda row, given, by: triage.answer_possible(row, given["text"], by=by),
        "Already possible. The customer reads how. You can take it back.",
    ),
    "explain": Act(
        ReasonForm,
        lambda row, given, by: triage.explain_closing(row, given["text"], by=by),
        "The customer was told why.",
    ),
    "undo": Act(
        ActForm,
        lambda row, _, by: triage.undo(row, by=by),
        "Taken back. The request is open again.",
    ),
    "confirm": Act(
        ActForm,
        lambda row, _, by: triage.confirm_choice(row, by=by),
        "Confirmed: it is the same.",
    ),
    "account": Act(
        AccountForm,
        lambda row, given, by: triage.assign_account(row, account=given["account"], by=by),
        "The request belongs to {account} now.",
    ),
    "opportunity": Act(
        OpportunityForm,
        lambda row, given, by: triage.choose_opportunity(
            row, opportunity=given["opportunity"], by=by
        ),
        "The opportunity is noted.",
    ),
    "points": Act(
        PointsForm,
        lambda row, given, by: triage.set_points(row, given["points"], by=by),
        "The priority points are noted.",
    ),
    "again": Act(
        ActForm,
        lambda row, _, by: triage.try_again(row, by=by),
        "Tried again now.",
    ),
}


def tell_done(act: Act, answers: Answers) -> str:
    """The sentence after an act, with what was chosen."""
    issue = answers.get("issue")
    number = f"#{issue.iid}" if issue else ""
    return act.said.format(issue=number, account=answers.get("account", ""))
