import numpy as np
import pytest

from intake.matching.evaluation.answers import find_rank
from intake.matching.evaluation.baselines import BM25F, MINILM, SUM, Baselines
from intake.matching.records import Query
from tests.intake.matching.conftest import make_document
from tests.intake.matching.evaluation.tracker import WordVectors

TITLES = ["apple pie", "cherry cake", "plum tart", "cherry cake"]
GROUPS = {1: "a", 2: "b", 3: "c", 4: "d"}


@pytest.fixture
def encoder() -> WordVectors:
    return WordVectors(fruit="plum")


@pytest.fixture
def baselines(encoder: WordVectors) -> Baselines:
    baselines = Baselines(encoder.encode(TITLES))
    baselines.add([make_document(key, title) for key, title in enumerate(TITLES, start=1)])
    return baselines


def rank(baselines: Baselines, encoder: WordVectors, title: str) -> dict[str, list[int]]:
    found = baselines.rank(Query(title), encoder.encode([title])[0])
    return {method: keys for method, (keys, _) in found.items()}


def test_words_find_words_and_meaning_finds_meaning(
    baselines: Baselines, encoder: WordVectors
) -> None:
    found = rank(baselines, encoder, "fruit cake")
    assert found[BM25F] == [2, 4]
    assert 3 in found[MINILM][:3]
    assert found[SUM][0] == 2


def test_of_equals_the_older_comes_first(baselines: Baselines, encoder: WordVectors) -> None:
    for keys in rank(baselines, encoder, "cherry").values():
        assert keys[:2] == [2, 4]


def test_only_what_was_added_is_found(encoder: WordVectors) -> None:
    baselines = Baselines(encoder.encode(TITLES))
    baselines.add([make_document(1, TITLES[0]), make_document(2, TITLES[1])])
    assert set(rank(baselines, encoder, "cherry tart")[MINILM]) == {1, 2}


@pytest.mark.parametrize(
    ("title", "right", "is_meaning"), [("fruit cherry", "c", True), ("fruit cherry", "b", False)]
)
def test_the_sum_leans_to_what_found_the_earlier_queries(
    baselines: Baselines, encoder: WordVectors, title: str, right: str, is_meaning: bool
) -> None:
    assert baselines.weight == 0.5
    query, row = Query(title), encoder.encode(["fruit tart" if is_meaning else "apple"])[0]
    baselines.learn(query, row, GROUPS, frozenset({right}))
    assert baselines.weight is not None
    assert (baselines.weight > 0.5) == is_meaning


def test_without_vectors_there_are_words_alone() -> None:
    baselines = Baselines(None)
    baselines.add([make_document(1, "apple pie")])
    assert (baselines.methods, baselines.weight) == ((BM25F,), None)
    assert list(baselines.rank(Query("pie"), None)) == [BM25F]


def test_what_points_the_other_way_is_not_found() -> None:
    rows = np.array([[1, 0], [-1, 0]], np.float32)
    baselines = Baselines(rows)
    baselines.add([make_document(1, "one"), make_document(2, "two")])
    assert baselines.rank(Query("three"), rows[0])[MINILM][0] == [1]


def test_members_of_a_group_count_as_one_entry() -> None:
    groups = {1: "a", 2: "a", 3: "b", 4: "c"}
    assert find_rank([1, 2, 3, 4], groups, frozenset({"b"})) == 2
    assert find_rank([4, 2, 1], groups, frozenset({"a", "b"})) == 2
    assert find_rank([1, 2], groups, frozenset({"c"})) == 0
    assert find_rank([1, 2], groups, frozenset()) == 0
