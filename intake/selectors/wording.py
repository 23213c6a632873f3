"""The wording of states: the staff's where they wrote one, ours otherwise."""

from intake.domain.wording import DEFAULT_WORDING, Wording
from intake.models import StateWording


def state_wording() -> dict[str, Wording]:
    """Every state's wording, in one query."""
    edited = {row.state: Wording(row.label, row.meaning) for row in StateWording.objects.all()}
    return {str(state): edited.get(state, ours) for state, ours in DEFAULT_WORDING.items()}
