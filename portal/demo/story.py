"""What the walk's customer asks for, and which issues are the right answer."""

from dataclasses import dataclass

from portal.sandbox.client import Sandbox
from portal.sandbox.world import PLATFORM

WORLD_TARGET = "Require specific approvers when changes touch chosen paths"


@dataclass(frozen=True, slots=True)
class Story:
    """`answers` are the form's fields. `right` holds (project, number) of every right issue."""

    answers: dict[str, str]
    right: frozenset[tuple[int, int]]
    looked_for: str
    about: str = ""  # where the words come from, when they are not ours


PROBLEM = """\
Our payment code lives in the same repository as the depot screens. Twice this autumn somebody \
changed how customs surcharges are computed, and the only approval came from a colleague in the \
depot team: nobody from payments saw it before it was merged. We paid the difference back to a \
customer. The auditors now want proof that two named people from payments must approve when files \
under those paths change, while a new label on a depot screen may go on as it does today. About \
40 developers open merge requests in that repository every day."""

WORKAROUND = "We ask in chat and hope. A bot that comments on the folder's name gets ignored."
DETAIL = "The move of billing into the shared repository waits for this since September."


def tell_world_story(sandbox: Sandbox) -> Story:
    """Path-based approvals, as a freight company would ask for them. Raises LookupError."""
    right = [one for one in sandbox.issues(PLATFORM) if one["title"] == WORLD_TARGET]
    if not right:
        raise LookupError(f"The demo world has no issue “{WORLD_TARGET}”.")
    answers = {
        "kind": "change",
        "summary": "Let only named approvers pass changes to payment folders",
        "problem": PROBLEM,
        "workaround": WORKAROUND,
        "urgency": "blocker",
        "urgency_detail": DETAIL,
        "intent": "retain",
        "reach": "40",
        "area": "code_review",
    }
    return Story(answers, frozenset({(PLATFORM, right[0]["iid"])}), WORLD_TARGET)
