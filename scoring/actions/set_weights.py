"""A new version of the weights, in force from the moment it is saved."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from intake.actions.refusals import NotAllowed, Refusal
from portal.actions.audit import record_audit
from portal.models import Role, User
from scoring.domain.weights import Weights, check_weights
from scoring.domain.weights_text import write_weights
from scoring.models import WeightsVersion
from scoring.selectors.weights import read_weights_in_force


class SavedMeanwhile(Refusal):
    def __init__(self) -> None:
        super().__init__("Somebody saved other weights meanwhile. Look at the preview again.")


class NothingDiffers(Refusal):
    def __init__(self) -> None:
        super().__init__("Nothing differs from the weights in force.")


def set_weights(weights: Weights, *, reason: str, after: int, by: User) -> WeightsVersion:
    """`after` is the number of the version the person looked at, 0 for the defaults.

    Raises InvalidWeights for what cannot be used, a Refusal for what may not be saved.
    """
    if by.role != Role.ADMINISTRATOR:
        raise NotAllowed
    check_weights(weights)
    in_force = read_weights_in_force()
    if (in_force.version.number if in_force.version else 0) != after:
        raise SavedMeanwhile
    if weights == in_force.weights:
        raise NothingDiffers
    try:
        with transaction.atomic():
            version = WeightsVersion.objects.create(
                number=after + 1,
                content=write_weights(weights),
                reason=reason,
                created_at=timezone.now(),
                created_by=by,
            )
            record_audit("weights set", by=by, on=version, version=version.number)
    except IntegrityError as error:  # two who pressed at once: the number is unique
        raise SavedMeanwhile from error
    return version
