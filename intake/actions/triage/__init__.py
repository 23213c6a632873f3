"""What staff do with a request: each act is one transaction, named by a verb, and undoable where
the world allows it."""

from intake.actions.triage.account import assign_account
from intake.actions.triage.answers import answer_possible, ask, decline, explain_closing
from intake.actions.triage.details import choose_opportunity, set_points, try_again
from intake.actions.triage.issues import confirm_choice, create_issue, join, reject
from intake.actions.triage.undo import undo

__all__ = [
    "answer_possible",
    "ask",
    "assign_account",
    "choose_opportunity",
    "confirm_choice",
    "create_issue",
    "decline",
    "explain_closing",
    "join",
    "reject",
    "set_points",
    "try_again",
    "undo",
]
