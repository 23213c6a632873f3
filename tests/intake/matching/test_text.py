import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.matching.batch import fingerprint_batch, read_batch
from intake.matching.terms import read_words, tokenise
from intake.matching.text import fingerprint, normalise

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=200)


@given(ANY_TEXT)
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(ANY_TEXT)
def test_normal_form_has_no_case_no_stray_space_and_can_be_written(text: str) -> None:
    normal = normalise(text)
    assert normal == " ".join(normal.split())
    assert normal.casefold() == normal
    normal.encode()


@given(st.text(alphabet="abcXYZ äÉ-+.", max_size=60))
def test_case_and_spacing_do_not_matter(text: str) -> None:
    assert normalise(f"\n{text.swapcase()}\t ") == normalise(text)


@given(ANY_TEXT)
def test_every_term_is_short_folded_and_without_space(text: str) -> None:
    for term in tokenise(text):
        assert 0 < len(term) <= 40
        assert term.split() == [term]
        assert normalise(term) == term


@given(st.lists(st.text(alphabet="aBc ABé.:_-19\n\t\x00", max_size=120) | ANY_TEXT, max_size=6))
def test_texts_read_together_say_what_each_says_alone(texts: list[str]) -> None:
    assert read_batch(texts) == [read_words(text) for text in texts]


@given(st.lists(st.tuples(ANY_TEXT, st.text(alphabet="a  B\n\t\x00é.")), max_size=5))
def test_fingerprints_taken_together_are_those_taken_alone(pairs: list[tuple[str, str]]) -> None:
    titles, bodies = [title for title, _ in pairs], [body for _, body in pairs]
    assert fingerprint_batch(titles, bodies) == [fingerprint(*pair) for pair in pairs]


def test_long_words_are_left_out_wherever_they_stand() -> None:
    texts = ["x" * 41, f"a {'Y' * 50} b", f"c\n{'z' * 90}"]
    assert [words.terms for words in read_batch(texts)] == ["", "a b", "c"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Café  crème", "cafe creme"),
        ("Ｗｉｄｅ ﬁle", "wide file"),
        ("Straße", "STRASSE"),
        ("soft\u00adhyphen\u200b", "softhyphen"),
        ("nul\x00byte", "nul byte"),
    ],
)
def test_texts_that_look_the_same_are_the_same(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Support C", "Support C++"),
        ("Support C++", "Support C#"),
        ("limit 1.5", "limit 15"),
        ("か", "が"),
        ("и", "й"),
    ],
)
def test_texts_that_mean_something_else_stay_apart(one: str, other: str) -> None:
    assert fingerprint(one, "as said") != fingerprint(other, "as said")


def test_title_and_text_do_not_run_into_each_other() -> None:
    assert fingerprint("a b", "c") != fingerprint("a", "b c")


@pytest.mark.parametrize(("title", "body"), [(" \x00", "\n"), ("Testing", ""), ("", "Text")])
def test_without_both_title_and_text_there_is_no_fingerprint(title: str, body: str) -> None:
    assert fingerprint(title, body) == ""


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("setVisible", {"setvisible", "set", "visible"}),
        ("HTMLParser", {"htmlparser", "html", "parser"}),
        ("max_file_size", {"max_file_size", "max", "file", "size"}),
        ("Ui.Window.openNow", {"ui", "window", "opennow", "open", "now"}),
        ("std::vec", {"std", "vec"}),
        ("iPhone", {"iphone", "phone"}),
        ("version 2.1.3", {"version", "2.1.3"}),
        ("naïve", {"naive"}),
        ("承認規則", {"承認", "認規", "規則"}),
        ("हिन्दी", {"हिन्दी"}),
        ("x" * 41, set()),
        ("...", set()),
    ],
)
def test_words_are_found_whole_and_in_parts(text: str, terms: set[str]) -> None:
    assert set(tokenise(text)) == terms


def test_names_keep_the_spelling_of_the_writer() -> None:
    words = read_words("Calling ui.Window.openNow in app.py raises ERR404, see 2.1.3")
    assert words.names == {
        "ui.window.opennow": "ui.Window.openNow",
        "app.py": "app.py",
        "err404": "ERR404",
    }
