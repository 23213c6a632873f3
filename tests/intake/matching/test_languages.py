"""Whatever people write or paste is searched for, and its exact counterpart is found."""

from collections.abc import Callable
from pathlib import Path

import pytest

from intake.matching.embedding.encoder import Encoder, build_text
from intake.matching.embedding.vector_writer import Entry, VectorWriter
from intake.matching.embedding.vectors import VectorStore
from intake.matching.finder import Finder
from intake.matching.index import IndexReader, IndexWriter
from intake.matching.records import Match, Query, Verdict
from tests.intake.matching.conftest import REQUESTS, make_document

Find = Callable[..., list[Match]]

CODE = """Since the update this no longer compiles:
```kotlin
val view = TableView(context).apply { setVisible(false); rows += Row("α", 0x1F) }
```
It should draw nothing."""
TRACE = "\n".join(f"    at com.example.board.Part{n}.draw(Part.java:{n})" for n in range(900))
LOG = "\n".join(f"2026-03-01 10:{n // 60:02}:{n % 60:02} WARN queue {n * 7919}" for n in range(900))

TEXTS = {
    "German": (
        "Freigaben je Verzeichnis einschränken",
        "Nur die Rechtsabteilung soll Änderungen unter „legal/“ freigeben dürfen.",
    ),
    "Japanese": ("通知を曜日ごとに止めたい", "週末は通知を受け取りたくありません。"),
    "Arabic": ("تصدير التقارير إلى جدول", "يحتاج مجلس الإدارة إلى الأرقام كل شهر."),
    "Hindi": ("रिपोर्ट को हिंदी में दिखाएँ", "हमारी टीम अंग्रेज़ी नहीं पढ़ती।"),
    "Thai": ("แสดงวันที่ตามปฏิทินไทย", "ปีพุทธศักราชหายไปจากรายงาน"),
    "Hebrew and English": ("תמיכה ב-dark mode", "The wiki hurts at night, גם בעורך."),
    "three scripts": ("設定 Freigabe для команды", "チーム darf es nicht ändern, просто читать."),
    "code": ("TableView draws rows that are hidden", CODE),
    "trace": ("Board crashes while drawing", f"Every morning.\n{TRACE}\nOnly on Mondays."),
    "log": ("Queue warns without end", f"What our server says:\n{LOG}"),
    "100 kB": ("Import keeps only the first page", "All the other pages are lost. " * 3_600),
    "one word of 100 kB": ("Search breaks on encoded files", "QUJD" * 25_000),
    "no text": ("Reorder favourites by dragging", ""),
    "no title": ("", "Favourites cannot be sorted by hand."),
    "emoji": ("🚀🚀 🐢", "👩🏽‍🚒 🤷‍♀️ ‼️"),
    "null bytes": ("Exported\x00archive is\x00empty", "Zero\x00bytes\x00in every\x00line."),
    "lone surrogates": ("Broken \ud83d names in the list", "Half \udc00 an emoji \ud83d each."),
    "marks upon marks": ("Ż̴͝ä̶́l̷gó breaks the layout", "e" + "\u0301" * 4_000),
    "right to left override": ("File\u202ename shows backwards", "txt.\u202efdp is shown."),
    "table": ("Roles of a group as a table", "| role | may |\n|---|---|\n" + "| a | b |\n" * 4_000),
}
KEYS = {name: 100 + place for place, name in enumerate(TEXTS)}
DOCUMENTS = [
    *(make_document(key, *text) for key, text in REQUESTS.items()),
    *(make_document(KEYS[name], *text) for name, text in TEXTS.items()),
]
WORDLESS = {"emoji"}
SAYING_TOO_LITTLE = {"no text", "no title", *WORDLESS}  # to be certain of the same wish


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of all these texts among ordinary ones."""
    directory = tmp_path_factory.mktemp("languages")
    with IndexWriter(directory) as writer:
        writer.rebuild(DOCUMENTS, "")
    return directory


@pytest.fixture(scope="module")
def meaning(place: Path, model_directory: Path) -> tuple[Encoder, VectorStore]:
    """The vectors of the same texts, beside the index."""
    encoder = Encoder(model_directory)
    rows = encoder.encode([build_text(one.title, one.body) for one in DOCUMENTS])
    with VectorWriter(place, encoder.model_id) as writer:
        writer.apply([Entry(one.key, 1, one.key, one.is_public) for one in DOCUMENTS], rows)
    return encoder, VectorStore(place, encoder.model_id)


@pytest.fixture(params=["by words", "by meaning too"])
def find(place: Path, request: pytest.FixtureRequest) -> Find:
    parts = request.getfixturevalue("meaning") if request.param == "by meaning too" else ()
    finder = Finder(IndexReader(place), *parts)
    return lambda title, body="": finder.find(Query(title, body))


@pytest.mark.parametrize("name", TEXTS)
def test_its_exact_counterpart_is_first(find: Find, name: str) -> None:
    best = find(*TEXTS[name])[0]
    assert best.key == KEYS[name]
    assert (best.verdict is Verdict.CERTAIN) or name in SAYING_TOO_LITTLE


@pytest.mark.parametrize("name", sorted(TEXTS.keys() - WORDLESS - {"no title"}))
def test_its_title_alone_finds_it(find: Find, name: str) -> None:
    assert find(TEXTS[name][0])[0].key == KEYS[name]


@pytest.mark.parametrize(
    ("name", "title", "body"),
    [
        ("German", "Wer darf was freigeben?", "Freigaben sollen je Verzeichnis gelten."),
        ("Japanese", "週末の静けさ", "土曜と日曜は通知を止めてください。"),
        ("Arabic", "أرقام لمجلس الإدارة", "نريد تصدير التقارير كل شهر."),
        ("Hindi", "टीम के लिए हिंदी", "रिपोर्ट अंग्रेज़ी में है, टीम उसे नहीं पढ़ती।"),
        ("three scripts", "Freigabe-設定", "команды können es nicht ändern."),
        ("code", "setVisible is ignored", "Our TableView still draws hidden rows."),
        ("trace", "Crash in com.example.board.Part3", "Drawing fails on Mondays."),
        ("100 kB", "Pages get lost", "An import has the first page, the other pages are lost."),
    ],
)
def test_the_same_wish_in_other_words_of_the_language_is_found(
    find: Find, name: str, title: str, body: str
) -> None:
    assert KEYS[name] in [match.key for match in find(title, body)[:3]]


@pytest.mark.parametrize("name", TEXTS)
def test_a_long_or_strange_text_does_not_hide_an_ordinary_wish(find: Find, name: str) -> None:
    """People paste the dump below what they want."""
    title, body = REQUESTS[1]
    assert 1 in [match.key for match in find(title, f"{body}\n\n{TEXTS[name][1]}")[:3]]
