from dataclasses import fields, replace

from hypothesis import given
from hypothesis import strategies as st

from intake.matching.features import Features
from intake.matching.ranker import LEXICAL
from intake.matching.records import Verdict

SHARE = st.floats(0, 1)
ROW = st.builds(Features, **{field.name: SHARE for field in fields(Features)})
BEST = Features(*[1.0] * len(fields(Features)))


@given(ROW)
def test_scores_are_shares(row: Features) -> None:
    assert 0 <= LEXICAL.score([row], BEST)[0] <= 1


def test_the_best_possible_scores_1() -> None:
    assert LEXICAL.score([BEST], BEST) == [1.0]


def test_what_the_question_leaves_open_costs_nothing() -> None:
    silent = replace(BEST, body=0.0, names=0.0)
    assert LEXICAL.score([silent], silent) == [1.0]


@given(ROW, st.sampled_from([field.name for field in fields(Features)]))
def test_more_resemblance_never_scores_less(row: Features, name: str) -> None:
    low, high = LEXICAL.score([row, replace(row, **{name: 1.0})], BEST)
    assert low <= high


def test_resemblance_alone_is_at_most_likely() -> None:
    assert LEXICAL.judge(1.0) is Verdict.LIKELY
    assert LEXICAL.judge(0.3) is Verdict.NONE
