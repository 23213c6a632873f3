"""Cells of an export that a spreadsheet must read as text."""

import re

# What a formula starts with: at the start of the cell, and where a spreadsheet that expects
# another separator, as in much of Europe, would start a cell of its own, with or without quotes.
_FORMULA = re.compile(r"(^|[;\t\r\n])(?=\"*[=+\-@\t\r\n＝＋－＠])")


def escape_cell(text: str) -> str:
    """With an apostrophe before whatever a spreadsheet would run."""
    return _FORMULA.sub(r"\1'", text)
