import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.matching.records import Query
from intake.matching.siblings import decisive_difference, has_rival, is_generic

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=80)
WORDS = (
    "show hide don't export import comments names iPad Android CSV PDF board after before to from "
    "GitLab GitHub login 3.1 3.2 C++ C# Ti.UI.Alert setVisible 承認 the please"
)
TITLE = st.lists(st.sampled_from(WORDS.split()), max_size=7).map(" ".join)

PLATFORMS = [
    ("Dark mode on my iPad", "Android: dark mode"),
    ("[Windows] the installer hangs", "Installer hangs on Ubuntu"),
    ("iOS: scrolling jumps as on Android", "Android: scrolling jumps"),
    ("Sort the board in Firefox", "Sort the board in Safari"),
    ("The phone layout is too narrow", "The desktop layout is too narrow"),
    ("iOSアプリで承認したい", "Androidアプリで承認したい"),
]
DIRECTIONS = [
    ("Import issues from a file", "Export issues to a file"),
    ("Hiding archived boards", "Show archived boards"),
    ("Don't show archived boards", "Show archived boards"),
    ("Notify me on Sundays", "Do not notify me on Sundays"),
    ("Export the list without names", "Export the list with names"),
    ("Sort ascending by weight", "Sort descending by weight"),
    ("Zoom in by keyboard", "Zoom out by keyboard"),
    ("Move a group from GitLab to GitHub", "Move a group from GitHub to GitLab"),
    ("A hook before the merge", "A hook after the merge"),
]
NEIGHBOURS = [
    ("Post to Slack when a build fails", "Post to Microsoft Teams when a build fails"),
    ("Ti.UI.Alert stays open", "Ti.UI.Event stays open"),
    ("createButton ignores its width", "createSwitch ignores its width"),
    ("Download the report as CSV", "Download the report as PDF"),
    ("Support Python 3.11", "Support Python 3.12"),
    ("Highlight C++ in diffs", "Highlight C# in diffs"),
    ("Contact list in the header", "Contract list in the header"),
    ("Rename a label in bulk", "Rename a label group in bulk"),
]
SAME_WISH = [
    ("Export issues to a file", "Exporting an issue to a file"),
    ("Show archived boards", "Archived boards should be shown"),
    ("Ti.UI.Alert stays open", "Ti.UI.Alert: stays open"),
    ("Remove a label in bulk", "Deleting labels in bulk"),
    ("Support dark mode, please", "Dark mode"),
    ("Dark mode on Android", "Dark mode"),
    ("Reviewers get lost in long threads", "Keyboard shortcut for the next comment"),
]


@pytest.mark.parametrize(("asked", "filed"), [*PLATFORMS, *DIRECTIONS, *NEIGHBOURS])
def test_siblings_differ_from_either_side(asked: str, filed: str) -> None:
    assert decisive_difference(Query(asked), filed, "")
    assert decisive_difference(Query(filed), asked, "")


@pytest.mark.parametrize(("asked", "filed"), SAME_WISH)
def test_the_same_wish_does_not_differ(asked: str, filed: str) -> None:
    assert decisive_difference(Query(asked), filed, "") == ""


def test_a_platform_may_stand_in_the_text() -> None:
    wish = Query("Bright screens hurt at night", "Half of our nurses use iPhones.")
    assert decisive_difference(wish, "Android: dark mode", "") == "asks for iPhones"
    assert decisive_difference(wish, "Dark mode", "Wanted on the Pixel, so Android.")
    assert decisive_difference(wish, "Dark mode", "Wanted on Android and iOS.") == ""


def test_a_direction_in_the_text_counts_where_a_title_gives_one() -> None:
    wish = Query("Our list for the board", "We want to download it every week.")
    assert decisive_difference(wish, "Import a list", "") == "says “download”"
    assert decisive_difference(wish, "A list for the board", "One could import it.") == ""


def test_a_long_text_goes_back_and_forth() -> None:
    steps = Query(
        "Our board loses what the team wrote", "Press export. " + "Then wait for the page. " * 40
    )
    assert decisive_difference(steps, "Import a list", "") == ""


@pytest.mark.parametrize(
    ("asked", "filed", "said"),
    [
        ("Dark mode on my iPad", "Android: dark mode", "asks for iPad"),
        ("Don't show archived boards", "Show archived boards", "says “show”"),
        ("Zoom in by keyboard", "Zoom out by keyboard", "says “Zoom in”"),
        ("Export names", "Do not export names", "says “Export”"),
        ("Rename a label in bulk", "Rename a label group in bulk", "asks for something broader"),
        ("Notify me on Sundays", "Do not notify me on Sundays", "asks for the opposite"),
        ("Go from A2 to B2", "Go from B2 to A2", "asks for it the other way round"),
    ],
)
def test_it_is_said_in_words_of_the_query(asked: str, filed: str, said: str) -> None:
    assert decisive_difference(Query(asked), filed, "") == said


@given(ANY_TEXT | TITLE, ANY_TEXT | TITLE)
def test_a_text_never_differs_from_itself(title: str, body: str) -> None:
    assert decisive_difference(Query(title, body), title, body) == ""


@given(ANY_TEXT | TITLE, ANY_TEXT | TITLE, ANY_TEXT | TITLE, ANY_TEXT | TITLE)
def test_differing_is_mutual(title: str, body: str, other: str, text: str) -> None:
    there = decisive_difference(Query(title, body), other, text)
    back = decisive_difference(Query(other, text), title, body)
    assert bool(there) == bool(back)


@given(TITLE, TITLE, TITLE)
def test_nothing_of_the_issue_is_quoted(title: str, other: str, text: str) -> None:
    own = "asks for it the other way round something broader opposite says"
    said = decisive_difference(Query(title), other, text)
    known = set(re.findall(r"[\w+#.]+", f"{title} {title.replace('.', ' ')} {own}"))
    assert set(re.findall(r"[\w+#.]+", said)) <= known | {"set", "Visible", "Git", "Lab", "Hub"}


MULTI_LINE = ("Limit the length of a text area", "Long notes are cut.")
ONE_LINE = ("Limit the length of a text field", "Long names are cut.")


def test_a_query_that_leaves_open_which_sibling_it_means_has_a_rival() -> None:
    wish = Query("People type too much", "There should be a maximum of letters.")
    assert has_rival(wish, MULTI_LINE, [("Dark theme for the wiki", ""), ONE_LINE])


def test_a_query_that_says_which_sibling_it_means_has_none() -> None:
    wish = Query("Android: people type too much", "There should be a maximum of letters.")
    mine, other = (f"{system}: {MULTI_LINE[0]}" for system in ("Android", "iOS"))
    assert not has_rival(wish, (mine, ""), [(other, "")])
    assert has_rival(Query("People type too much"), (mine, ""), [(other, "")])


def test_other_wishes_and_the_same_wish_are_no_rivals() -> None:
    wish = Query("People type too much")
    repeated = ("Limiting the length of text areas", "Notes are cut.")
    assert not has_rival(wish, MULTI_LINE, [("Dark theme", ""), repeated, MULTI_LINE])
    assert not has_rival(wish, MULTI_LINE, [])


@pytest.mark.parametrize(
    "title",
    [
        "Bug",
        "Feature request",
        "Please help!!",
        "Release testing",
        "Testing (creating and closing bugs)",
        "Test bug for ABC-1234",
        "Update 3.1.2",
        "Crash",
        "",
        "???",
        "aaaaaaaaaa",
        "asdf asdf asdf asdf",
        "https://shop.example/offer",
        "Printer helpline +1 800 555 01234",
        "Cheap flights to Rome",
    ],
)
def test_titles_that_name_no_wish_are_generic(title: str) -> None:
    assert is_generic(title, "As we said on the telephone, it matters to us.")


@pytest.mark.parametrize(
    "title", ["Dark mode", "SSO", "承認ルール", "Rotate deploy tokens", "हिन्दी में निर्यात"]
)
def test_titles_that_name_a_wish_are_not(title: str) -> None:
    assert not is_generic(title, "As we said on the telephone, it matters to us.")


def test_a_few_letters_can_be_a_wish_where_a_word_is_one_letter() -> None:
    assert not is_generic("承認ルール", "法務だけです。")


def test_a_word_and_a_link_are_no_wish() -> None:
    assert is_generic("Passkeys", "https://shop.example/offer?id=1")


@given(ANY_TEXT, ANY_TEXT)
def test_any_text_is_generic_or_not(title: str, body: str) -> None:
    assert is_generic(title, body) in {True, False}
