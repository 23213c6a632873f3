"""What a process costs the machine."""

import re
from pathlib import Path

_PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


def measure_memory(process: int | str = "self") -> float | None:
    """Proportional set size in MB: shared pages count by share. None where Linux is not."""
    try:
        found = _PSS.search(Path(f"/proc/{process}/smaps_rollup").read_text())
    except OSError:
        return None
    return int(found[1]) / 1024 if found else None
