"""Which weights are in force, and what earlier versions said."""

from dataclasses import dataclass

from scoring.domain.weights import Weights
from scoring.domain.weights_text import Change, find_changes, parse_weights
from scoring.models import WeightsVersion


@dataclass(frozen=True, slots=True)
class WeightsInForce:
    """`version` is None while nobody has saved any: then these are the defaults."""

    weights: Weights
    version: WeightsVersion | None


def read_weights_in_force() -> WeightsInForce:
    newest = WeightsVersion.objects.order_by("-number").first()
    return WeightsInForce(parse_weights(newest.content) if newest else Weights(), newest)


def find_version_changes(version: WeightsVersion) -> list[Change]:
    """Against the version before, the first one against the defaults."""
    earlier = WeightsVersion.objects.filter(number__lt=version.number).order_by("-number").first()
    before = parse_weights(earlier.content) if earlier else Weights()
    return find_changes(before, parse_weights(version.content))
