"""A day's inputs and rules in one compressed text, and what its scores come to in one hash."""

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from intake.domain.vocabulary import CrosswalkRow
from scoring.domain.computed import Computed, Crosswalk
from scoring.domain.inputs_text import parse_inputs
from scoring.domain.records import Inputs
from scoring.domain.weights import Weights
from scoring.domain.weights_text import parse_weights, write_weights

COLUMNS = (
    "rank",
    "score",
    "retention",
    "growth",
    "combined",
    "priority",
    "weighted",
    "linked_arr",
    "lost_arr",
    "accounts",
    "strategic_accounts",
    "p0_accounts",
    "seats",
    "bucket",
    "urgency",
    "intent",
)


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that scores are computed from."""

    inputs: Inputs
    weights: Weights
    crosswalk: Crosswalk


def pack(inputs: bytes, weights: Weights, crosswalk: Crosswalk) -> bytes:
    """`inputs` as `inputs_text.write_inputs` makes them."""
    rows = {urgency: asdict(row) for urgency, row in crosswalk.items()}
    rules = json.dumps({"weights": write_weights(weights), "crosswalk": rows}, sort_keys=True)
    return zlib.compress(rules.encode() + b"\n" + inputs)


def unpack(content: bytes) -> Material:
    """What `pack` made. Raises ValueError for anything else."""
    try:
        rules, _, inputs = zlib.decompress(content).partition(b"\n")
        told: Mapping[str, Any] = json.loads(rules)
        crosswalk = {urgency: CrosswalkRow(**row) for urgency, row in told["crosswalk"].items()}
        return Material(parse_inputs(inputs), parse_weights(told["weights"]), crosswalk)
    except (zlib.error, KeyError, TypeError) as error:
        raise ValueError(f"This is not what a snapshot keeps: {error!r}.") from error


def hash_results(computed: Iterable[Computed]) -> str:
    """Over every figure of every issue that is worth keeping, in rank order; SHA-256."""
    digest = sha256()
    for one in computed:
        if one.is_worth_keeping:
            row = [one.issue, *(_tell(getattr(one, column)) for column in COLUMNS)]
            digest.update(json.dumps(row).encode() + b"\n")
    return digest.hexdigest()


def _tell(value: Any) -> Any:
    return value if value is None or isinstance(value, int | str) else str(value)
