"""The small forms of the status page."""

from django import forms

from intake.domain.vocabulary import MailLevel, Outcome
from intake.forms.fields import Cards, TextBox, WordsField


class ReplyForm(forms.Form):
    use_required_attribute = False
    text = WordsField(
        label="Your reply",
        help_text="Goes to our product team and to everybody who follows this request.",
        at_most=5_000,
        error_messages={"required": "Please write something before you send."},
        widget=TextBox(rows=4, limit=5_000),
    )


class ContestForm(forms.Form):
    use_required_attribute = False
    text = WordsField(
        label="What is different about yours?",
        at_most=5_000,
        error_messages={"required": "Please say in a sentence what is different."},
        widget=TextBox(rows=3, limit=5_000),
    )


class OutcomeForm(forms.Form):
    use_required_attribute = False
    outcome = forms.ChoiceField(
        label="Does this solve it?",
        choices=Outcome.choices,
        widget=Cards(arrangement="row-of"),
        error_messages={"required": "Please choose one of the three."},
    )
    text = WordsField(
        label="Anything to add?", required=False, at_most=5_000, widget=TextBox(rows=2, limit=5_000)
    )


class FollowForm(forms.Form):
    """How much mail to get about one request."""

    level = forms.ChoiceField(label="Mail about this request", choices=MailLevel.choices)
