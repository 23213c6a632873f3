"""No cell of an export is run by the spreadsheet that opens it."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.domain.csv_cell import escape_cell

FORMULAS = "=+-@＝＋－＠"
STARTS = f"{FORMULAS}\t\r"


@pytest.mark.parametrize("start", STARTS)
def test_a_formula_is_text(start: str) -> None:
    assert escape_cell(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("Limit approvals by path", "Limit approvals by path"),
        ("a-b = c + d @ e", "a-b = c + d @ e"),
        ("one; two", "one; two"),
        ("one;=1+1", "one;'=1+1"),
        ("one\n-two", "one\n'-two"),
        ("", ""),
    ],
)
def test_only_what_could_be_run_is_changed(text: str, escaped: str) -> None:
    assert escape_cell(text) == escaped


@given(st.lists(st.text(alphabet=f"{STARTS};,\"'\nab1 "), min_size=1, max_size=4))
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_whatever_separator_the_reader_expects_no_cell_is_a_formula(
    separator: str, texts: list[str]
) -> None:
    written = io.StringIO()
    csv.writer(written).writerow([escape_cell(text) for text in texts])
    read = csv.reader(io.StringIO(written.getvalue(), newline=""), delimiter=separator)
    cells = [cell for row in read for cell in row]
    assert not [cell for cell in cells if cell.startswith(tuple(FORMULAS))]
