"""The small forms of triage: one for each act that takes an answer."""

from typing import TYPE_CHECKING, Any, cast

from django import forms

from intake.forms.fields import WordsField
from intake.models import Issue, Submission
from portal.models import Account, Opportunity, User
from portal.selectors.accounts import visible_accounts

REASON_LIMIT = 5_000

if TYPE_CHECKING:
    AccountChoice = forms.ModelChoiceField[Account]
    OpportunityChoice = forms.ModelChoiceField[Opportunity]
else:
    AccountChoice = OpportunityChoice = forms.ModelChoiceField


class ActForm(forms.Form):
    """Knows the request it is about and who decides; without fields it is a plain button."""

    use_required_attribute = False

    def __init__(self, *args: Any, submission: Submission, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.submission = submission
        self.by = by


class IssueForm(ActForm):
    issue = forms.ModelChoiceField(
        Issue.objects.all(),
        error_messages={
            "invalid_choice": "That issue is not mirrored here.",
            "required": "Choose an issue.",
        },
    )


class AccountForm(ActForm):
    account = forms.ModelChoiceField(
        Account.objects.none(),
        error_messages={
            "invalid_choice": "There is no such account.",
            "required": "Choose an account.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(AccountChoice, self.fields["account"]).queryset = visible_accounts(self.by)


class OpportunityForm(ActForm):
    opportunity = forms.ModelChoiceField(
        Opportunity.objects.none(), required=False, empty_label="None of these"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.submission.account_id:
            choices = Opportunity.objects.open().filter(account=self.submission.account_id)
            cast(OpportunityChoice, self.fields["opportunity"]).queryset = choices
        self.initial.setdefault("opportunity", self.submission.opportunity_id)


class PointsForm(ActForm):
    points = forms.IntegerField(
        label="Priority points, 1 to 10; empty: as the customer answered",
        required=False,
        min_value=1,
        max_value=10,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("points", self.submission.points_override)


class QuestionForm(ActForm):
    text = WordsField(
        label="Your question",
        at_most=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write the question first."},
    )


class ReasonForm(ActForm):
    text = WordsField(
        label="The reason, as the customer reads it",
        at_most=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write a reason: the customer reads it."},
    )


class BulkWordsForm(forms.Form):
    """One text for several requests."""

    use_required_attribute = False
    text = WordsField(
        at_most=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Write something first: the customers read it."},
    )
