"""The operations guide names every setting and every command there is, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "portal" / "settings.py").read_text(encoding="utf-8")


def test_every_setting_is_told() -> None:
    read = re.findall(r'env\.read_\w+\(\s*"([A-Z_]+)"', SETTINGS)
    told = GUIDE.replace("`…_", "`SALESFORCE_FIELD_")
    assert len(read) > 40
    assert [name for name in read if f"`{name}`" not in told] == []


def test_every_own_command_is_told() -> None:
    files = ROOT.glob("*/management/commands/*.py")
    own = {path.stem for path in files} - {"__init__", "seed_demo", "evaluate_matching"}
    told = set(re.findall(r"manage\.py (\w+)", GUIDE))
    assert own <= told
