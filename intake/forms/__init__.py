from intake.forms.audience import EditForm
from intake.forms.on_behalf import OnBehalfForm
from intake.forms.replies import ContestForm, FollowForm, OutcomeForm, ReplyForm
from intake.forms.request import SubmissionForm
from intake.forms.request_text import RequestTextForm

__all__ = [
    "ContestForm",
    "EditForm",
    "FollowForm",
    "OnBehalfForm",
    "OutcomeForm",
    "ReplyForm",
    "RequestTextForm",
    "SubmissionForm",
]
