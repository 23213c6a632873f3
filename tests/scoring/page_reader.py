"""A page as a reader takes it in: its words, and the rows of its tables."""

import re
from html.parser import HTMLParser

SILENT = {"script", "style", "svg", "head"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.rows: list[list[str]] = []
        self.silent = 0
        self.is_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"} and self.rows:
            self.rows[-1].append("")
            self.is_cell = True

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT
        if tag in {"td", "th"}:
            self.is_cell = False

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        self.words.append(data)
        if self.is_cell:
            self.rows[-1][-1] += f" {data}"


def read_words(page: str) -> str:
    """In the order of the page, with single spaces."""
    reader = _Reader()
    reader.feed(page)
    return _tidy(" ".join(reader.words))


def read_table_rows(page: str) -> list[list[str]]:
    reader = _Reader()
    reader.feed(page)
    return [[_tidy(cell) for cell in row] for row in reader.rows]


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
