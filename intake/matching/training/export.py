"""The model file: one JSON object, a line for each tree."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from intake.matching.training.train import Model
from intake.matching.trees import Tree


def write_model(path: Path, *, version: str, model: Model, provenance: Mapping[str, Any]) -> None:
    """The same model always gives the same bytes."""
    calibration = model.calibration
    head = {
        "version": version,
        "provenance": {**provenance, "held out": model.figures},
        "likely_from": model.likely_from,
        "certain_from": model.certain_from,
        "certain_share": model.certain_share,
        "calibration": {
            "inputs": list(calibration.inputs),
            "lows": calibration.lows.tolist(),
            "highs": calibration.highs.tolist(),
            "means": calibration.means.tolist(),
            "deviations": calibration.deviations.tolist(),
            "weights": calibration.weights.tolist(),
            "bias": calibration.bias,
        },
        "features": list(model.features),
    }
    opening = json.dumps(head, indent=1).removesuffix("\n}")
    rows = ",\n".join(json.dumps(_describe(tree), separators=(",", ":")) for tree in model.trees)
    path.write_text(f'{opening},\n "trees": [\n{rows}\n]}}\n')


def _describe(tree: Tree) -> dict[str, Any]:
    row = asdict(tree)
    row["missing_left"] = [int(value) for value in tree.missing_left]
    # A float32 has no more than nine digits.
    row["thresholds"] = [float(f"{value:.9g}") for value in tree.thresholds]
    return row
