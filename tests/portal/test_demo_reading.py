"""What the walk reads: pages, forms, mails, and the tracker's file."""

import json
from pathlib import Path

import pytest

from portal.demo.browser import Page
from portal.demo.mailbox import Mailbox
from portal.demo.page import read_fields, read_page
from portal.demo.tracker import LONGEST_TITLE, NoDuplicate, choose_withheld
from portal.demo.triage_page import read_candidates

FORM = """
<form action="/send"><input type="hidden" name="token" value="t&amp;1">
<input type="radio" name="urgency" value="low">
<input type="radio" name="urgency" value="high" checked>
<input type="checkbox" name="off" value="1"><input name="gone" value="x" disabled>
<textarea name="problem">
first
second</textarea>
<select name="area"><option value="">Not sure</option>
<option value="ci" selected>CI</option></select>
<select name="level"><option value="a">A</option><option value="b">B</option></select>
<input type="file" name="files"><button name="action" value="send">Send</button></form>
"""


def test_a_form_is_sent_as_a_browser_would() -> None:
    form = read_page(FORM).find("form")
    assert form
    assert read_fields(form) == [
        ("token", "t&1"),
        ("urgency", "high"),
        ("problem", "first\nsecond"),
        ("area", "ci"),
        ("level", "a"),
    ]


def test_words_come_without_markup_and_scripts() -> None:
    page = read_page("<p>Sent <b>today</b><br>by &lt;us&gt;<script>no()</script></p><p>on")
    assert page.text == "Sent todayby <us>on"


def test_candidates_are_read_in_the_order_shown() -> None:
    one = (
        '<article class="candidate"><p class="issue"><a href="http://g/a/-/issues/{n}">#{n}</a> '
        '<span class="title">Title {n}</span></p><p class="score"><b>4{n}</b> of 100</p>'
        '<ul class="reasons"><li>same words</li></ul>'
        '<form action="/x/join/"><input name="issue" value="{n}"></form>'
        '<form action="/x/reject/"><input name="issue" value="{n}"></form></article>'
    )
    page = Page("http://site/", 200, one.format(n=7) + one.format(n=8))
    found = read_candidates(page)
    assert [(each.number, each.title, each.score) for each in found] == [
        ("#7", "Title 7", "47"),
        ("#8", "Title 8", "48"),
    ]
    assert found[0].reasons == ("same words",)
    assert found[0].join.attributes["action"] == "/x/join/"


def test_mails_are_read_whole_and_in_order(tmp_path: Path) -> None:
    end = "\n" + "-" * 79 + "\n"
    mail = "Subject: {}\nTo: {}\nContent-Type: text/plain; charset=utf-8\n\n{}\n"
    text = mail.format("Your code", "maya@a.example", "Hello,\n\nABCD-EFGH\n\nBye")
    text += end + mail.format("[R-234567] News", "tam@b.example", "It is HERE\n") + end
    (tmp_path / "1.log").write_text(text + mail.format("Half", "maya@a.example", "not yet"))
    box = Mailbox(tmp_path)
    assert [one.subject for one in box.read()] == ["Your code", "[R-234567] News"]
    assert [one.code for one in box.read("MAYA@a.example")] == ["ABCD-EFGH"]
    assert box.read()[1].code == ""


def row(key: str, title: str, body: str, of: str | None = None, kind: str = "Story") -> str:
    made = {"id": key, "created_at": "2020-01-01T00:00:00Z", "kind": kind, "title": title}
    return json.dumps(made | {"body": body, "duplicate_of": of})


def write(path: Path, *rows: str) -> Path:
    file = path / "tracker.jsonl"
    file.write_text("\n".join(rows) + "\n")
    return file


def test_the_second_report_with_the_most_telling_words_is_withheld(tmp_path: Path) -> None:
    long = "Something quite different is told here, at some length. " * 6
    file = write(
        tmp_path,
        row("1", "Export the burndown as a picture", "We need the burndown in slides."),
        row("2", "Add a thing to the page", "A thing."),
        row("3", "Save the burndown picture for slides", long, of="1"),
        row("4", "Put something on every page", long, of="2"),
        row("5", "Export the burndown as a picture", long, of="1"),  # the same words
        row("6", "Burndown picture export is broken", long, of="1", kind="Bug"),
    )
    found = choose_withheld(file)
    assert found.id == "3"
    assert found.group == {"1", "5", "6"}


def test_a_copy_of_the_text_is_no_second_report(tmp_path: Path) -> None:
    long = "Every team pastes the burndown by hand into its slides each Friday. " * 5
    other = "Our board asks for a chart on paper and nobody can print what is shown. " * 5
    file = write(
        tmp_path,
        row("1", "Export the burndown as a picture", long),
        row("2", "Export the burndown as a nice picture", long + "Please.", of="1"),
        row("3", "Print the burndown", other, of="1"),
    )
    assert choose_withheld(file).id == "3"


def test_titles_are_cut_at_a_word_and_lose_what_cannot_be_seen(tmp_path: Path) -> None:
    title = "Show\u200b the burndown " + "of every team in the department " * 6
    file = write(
        tmp_path, row("1", "Burndown chart", "x"), row("2", title, "different " * 30, of="1")
    )
    found = choose_withheld(file).title
    assert len(found) <= LONGEST_TITLE
    assert "\u200b" not in found
    assert found.endswith(("the…", "team…", "in…", "department…", "every…", "of…"))


def test_a_file_without_duplicates_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(NoDuplicate, match="marks no duplicate"):
        choose_withheld(write(tmp_path, row("1", "Export the burndown", "x")))
