"""How a score file fails."""

from collections.abc import Sequence


class UnfitFile(ValueError):
    """The file cannot be scored; `faults` holds one sentence for each thing that is wrong."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)
