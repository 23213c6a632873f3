import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.matching.features import LEXICAL, NAMES
from intake.matching.ranker import MODELS, Ranker, load_ranker
from intake.matching.records import Verdict

SHIPPED = ("semantic", "lexical")
BYTES = 600_000


def make_rows(seed: int, count: int) -> np.ndarray:
    source = np.random.default_rng(seed)
    rows = source.normal(size=(count, len(NAMES))).astype(np.float32)
    rows[source.random(rows.shape) < 0.1] = np.nan
    return rows


@pytest.mark.parametrize("name", SHIPPED)
@given(seed=st.integers(0, 10_000), count=st.integers(0, 30))
def test_probabilities_fall_and_lie_between_0_and_1(name: str, seed: int, count: int) -> None:
    order, probabilities = load_ranker(name).rank(make_rows(seed, count))
    assert sorted(order) == list(range(count))
    assert all(0 <= probability <= 1 for probability in probabilities)
    assert list(probabilities) == sorted(probabilities, reverse=True)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_order_of_the_candidates_changes_nothing(name: str) -> None:
    rows = make_rows(1, 40)
    order, probabilities = load_ranker(name).rank(rows)
    turned, same = load_ranker(name).rank(rows[::-1])
    assert (39 - turned).tolist() == order.tolist()
    np.testing.assert_allclose(same, probabilities)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_bars_stand_in_order(name: str) -> None:
    ranker, alike = load_ranker(name), np.ones(len(NAMES), np.float32)
    assert 0 < ranker.likely_from < ranker.certain_from
    assert ranker.judge(0.0, alike) is Verdict.NONE
    assert ranker.judge(ranker.likely_from, alike) is Verdict.LIKELY
    assert ranker.judge(ranker.certain_from, alike) is Verdict.CERTAIN
    assert ranker.judge(ranker.certain_from, 0 * alike) is Verdict.LIKELY


@pytest.mark.parametrize("name", SHIPPED)
def test_the_only_candidate_is_no_better_for_being_alone(name: str) -> None:
    row = make_rows(2, 1)
    alone, beside = load_ranker(name).rank(row), load_ranker(name).rank(np.repeat(row, 2, axis=0))
    assert alone[1][0] == pytest.approx(beside[1][0])


def test_the_fallback_asks_for_no_meaning() -> None:
    rows = make_rows(3, 20)
    rows[:, len(LEXICAL) :] = np.nan
    blind = load_ranker("lexical").rank(rows)
    rows[:, len(LEXICAL) :] = 0.5
    seeing = load_ranker("lexical").rank(rows)
    assert blind[0].tolist() == seeing[0].tolist()
    assert blind[1].tolist() == seeing[1].tolist()


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_models_are_small_and_say_where_they_come_from(name: str) -> None:
    path = MODELS / f"{name}.json"
    content = json.loads(path.read_text())
    assert path.stat().st_size <= BYTES
    assert content["version"].startswith(f"{name}-")
    assert content["provenance"].keys() >= {"command", "seed", "sha256", "lightgbm", "held out"}
    assert "/" not in content["provenance"]["command"].replace("/evaluate", "")


@pytest.mark.parametrize("text", ["", "{}", '{"version": "x", "trees": 3}', "[1, 2]"])
def test_a_file_that_is_no_model_is_refused_by_name(tmp_path: Path, text: str) -> None:
    (tmp_path / "broken.json").write_text(text)
    with pytest.raises(ValueError, match=r"broken\.json is no ranker"):
        Ranker.load(tmp_path / "broken.json")
