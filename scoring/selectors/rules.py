"""What a run scores by: the weights and the crosswalk in force, and the code's own formulas."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from intake.domain.product import read_product
from intake.domain.vocabulary import CrosswalkRow
from intake.models import CrosswalkVersion
from scoring.domain.computed import FORMULAS
from scoring.domain.issue_labels import GROUP
from scoring.domain.weights import Weights
from scoring.models import ScoreRun, WeightsVersion
from scoring.selectors.weights import read_weights_in_force


@dataclass(frozen=True, slots=True)
class Rules:
    """`version` is None while the default weights are in force."""

    weights: Weights
    version: WeightsVersion | None
    crosswalk: CrosswalkVersion

    @property
    def table(self) -> dict[str, CrosswalkRow]:
        return parse_crosswalk(self.crosswalk.table)

    def are_those_of(self, run: ScoreRun) -> bool:
        version = self.version.pk if self.version else None
        ours = (version, self.crosswalk.pk, FORMULAS)
        return ours == (run.weights_id, run.crosswalk_id, run.model_version)


def read_rules() -> Rules:
    """Two queries."""
    in_force = read_weights_in_force()
    crosswalk = CrosswalkVersion.objects.order_by("-number")[0]
    return Rules(in_force.weights, in_force.version, crosswalk)


def parse_crosswalk(table: Mapping[str, Mapping[str, int | str]]) -> dict[str, CrosswalkRow]:
    return {urgency: CrosswalkRow(**row) for urgency, row in table.items()}  # type: ignore[arg-type]


def read_areas() -> dict[str, str]:
    """The product file's areas by the name of their group, without its label's scope."""
    areas = read_product(settings.PRODUCT_FILE).areas.values()
    return {area.group_label.removeprefix(GROUP): area.key for area in areas}
