import pytest

from intake.matching.bm25f import Reference
from intake.matching.records import Query
from tests.intake.matching.conftest import REQUESTS, make_document


@pytest.fixture
def reference() -> Reference:
    reference = Reference()
    for key, texts in REQUESTS.items():
        reference.add(make_document(key, *texts))
    return reference


@pytest.mark.parametrize("key", REQUESTS)
def test_a_document_finds_itself(reference: Reference, key: int) -> None:
    assert reference.rank(Query(*REQUESTS[key]), limit=3)[0] == key


def test_a_word_in_the_title_outweighs_the_same_word_in_the_text() -> None:
    reference = Reference()
    reference.add(make_document(1, "calendar export", "nothing to add"))
    reference.add(make_document(2, "nothing to add", "calendar export"))
    reference.add(make_document(3, "other things", "entirely"))
    assert reference.rank(Query("calendar"), limit=5) == [1, 2]


def test_compound_words_are_split(reference: Reference) -> None:
    assert reference.rank(Query("visible"), limit=1) == [4]


def test_unknown_words_find_nothing(reference: Reference) -> None:
    assert reference.rank(Query("zzyzx"), limit=5) == []
    assert Reference().rank(Query("anything"), limit=5) == []
