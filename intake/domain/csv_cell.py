"""Cells of an export that a spreadsheet must read as text."""

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def escape_cell(text: str) -> str:
    """With an apostrophe before whatever a spreadsheet would run."""
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text
