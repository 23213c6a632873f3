"""Rankings before and after: moves, supposed sizes, orders of work."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from scoring.domain.cost_of_delay import Job, delay_cost
from scoring.domain.delay_order import NamedJob, compare_orders
from scoring.domain.moves import Place, count_moves, find_moves, pick_movers
from scoring.domain.named_jobs import UnfitJobs, parse_jobs
from scoring.domain.records import Issue, Key
from scoring.domain.weights import Model, Weights
from scoring.domain.what_if import Question, Supposed, rank_supposed, reorder, rescore
from tests.scoring.worked import read_t1, read_t3

T8 = "A 30 6\nB 20 2\nC 10 1"


def order(places: list[Place]) -> list[tuple[Key, str]]:
    return [(place.issue, str(place.score)) for place in places]


def place(issue: Key, rank: int | None, score: str | None = None, **more: object) -> Place:
    return Place(issue, rank, None if score is None else Decimal(score), **more)  # type: ignore[arg-type]


def test_t8_the_best_order_costs_least() -> None:
    orders = compare_orders(parse_jobs(T8))
    assert (orders.given_cost, orders.best_cost) == (430, 340)
    assert [one.job.name for one in orders.best] == ["B", "C", "A"]
    assert [(one.finished_at, one.cost) for one in orders.best] == [(2, 40), (3, 30), (9, 270)]
    assert orders.ratio == Fraction(43, 34)
    assert delay_cost([one.job for one in orders.given]) == 430


def test_an_order_without_cost_has_no_ratio() -> None:
    assert compare_orders([NamedJob(Fraction(0), Fraction(1), "A")]).ratio is None
    assert compare_orders([]).best_cost == 0


@pytest.mark.parametrize(
    ("line", "job"),
    [
        ("A 30 6", NamedJob(Fraction(30), Fraction(6), "A")),
        (" 2 pages, A, 12.5, 0.5 ", NamedJob(Fraction("12.5"), Fraction("0.5"), "2 pages, A")),
        ("B\t20\t2", NamedJob(Fraction(20), Fraction(2), "B")),
        ("C: 0; 1", NamedJob(Fraction(0), Fraction(1), "C")),
    ],
)  # fmt: skip
def test_a_line_is_a_job(line: str, job: Job) -> None:
    assert parse_jobs(f"\r\n{line}\r\n\r\n") == (job,)


@pytest.mark.parametrize("line", ["A", "A 30", "A 30 0", "A 30 -1", "30 6", "A x 6", "A 1e9 6"])
def test_a_line_that_is_no_job_is_quoted(line: str) -> None:
    with pytest.raises(UnfitJobs, match="such as “A 30 6”"):
        parse_jobs(f"B 1 1\n{line}")


def test_there_are_not_too_many_jobs() -> None:
    with pytest.raises(UnfitJobs, match="there are 51"):
        parse_jobs("A 1 1\n" * 51)


def test_moves_tell_how_far_and_what_comes_and_goes() -> None:
    before = [place(1, 1), place(2, 2), place(3, 3), place(4, None)]
    after = [place(3, 1), place(1, 2), place(5, 3), place(4, None)]
    moves = find_moves(before, after)
    assert [(move.issue, move.places) for move in moves] == [
        (3, 2), (1, -1), (5, None), (4, None), (2, None),
    ]  # fmt: skip
    assert [move.is_moved for move in moves] == [True, True, True, False, True]
    assert [move.issue for move in pick_movers(moves, 3)] == [2, 5, 3]
    assert count_moves(moves).ranks == 4


def test_moves_count_what_else_changes() -> None:
    before = [place(1, 1, "9", priority=Decimal(9), bucket=1), place(2, 2, "5")]
    after = [place(1, 1, "8", priority=Decimal(9), bucket=2), place(2, 2, "5")]
    counts = count_moves(find_moves(before, after))
    assert (counts.issues, counts.ranks, counts.scores) == (2, 0, 1)
    assert (counts.priorities, counts.buckets) == (0, 1)


def test_t3_with_another_weight() -> None:
    t3 = read_t3()
    as_it_is = rank_supposed(t3, Question(Weights()))
    assert order(as_it_is) == [(103, "33000.000000"), (101, "32000.000000"), (102, "25000.000000")]
    lighter = rank_supposed(t3, Question(Weights(), {102: Supposed(weight=Decimal(1))}))
    assert order(lighter)[0] == (102, "50000.000000")
    assert t3.issues[102].weight == 2


def test_t1_with_another_duration() -> None:
    weights = Weights(model=Model.CD3)
    longer = {"X": Supposed(duration_weeks=Decimal(39))}
    assert order(rank_supposed(read_t1(), Question(weights, longer))) == [
        ("Y", "15000.000000"), ("X", "10000.000000"),
    ]  # fmt: skip


def test_what_is_not_known_is_left_alone() -> None:
    question = Question(Weights(), {999: Supposed(weight=Decimal(1))})
    assert rank_supposed(read_t3(), question) == rank_supposed(read_t3(), Question(Weights()))


@pytest.mark.parametrize("weight", [1, 2, 3, 5, 8, 13])
@pytest.mark.parametrize("issue", [101, 102, 103])
def test_reordering_says_what_computing_anew_says(issue: int, weight: int) -> None:
    t3, weights = read_t3(), Weights()
    known = rank_supposed(t3, Question(weights))
    own = next(one for one in known if one.issue == issue)
    sized = replace(t3.issues[issue], weight=Decimal(weight))
    quick = reorder(known, {issue: rescore(sized, own, None, weights)}, Model.CIPF)
    supposed = {issue: Supposed(weight=Decimal(weight))}
    assert quick == rank_supposed(t3, Question(weights, supposed))


def test_reordering_by_duration_says_the_same() -> None:
    t1, weights = read_t1(), Weights(model=Model.CD3)
    known = rank_supposed(t1, Question(weights))
    supposed = Supposed(duration_weeks=Decimal(39))
    changed = Issue("X", estimates=replace(t1.issues["X"].estimates, duration_weeks=Decimal(39)))
    own = known[0]
    quick = reorder(known, {"X": rescore(changed, own, own.priority, weights)}, Model.CD3)
    assert quick == rank_supposed(t1, Question(weights, {"X": supposed}))


def test_equals_keep_their_order_and_what_loses_its_score_its_place() -> None:
    places = [place(1, 1, "9"), place(2, 2, "7"), place(3, 3, "5"), place(4, None)]
    assert [one.issue for one in reorder(places, {3: place(3, None, "7")}, Model.CIPF)] == [1, 2, 3]
    first = reorder(places, {4: place(4, None, "9")}, Model.CIPF)
    assert [(one.issue, one.rank) for one in first] == [(1, 1), (4, 2), (2, 3), (3, 4)]
    assert [one.issue for one in reorder(places, {1: place(1, None)}, Model.CIPF)] == [2, 3]


@pytest.mark.parametrize("model", [Model.RICE, Model.WSJF, Model.GAP_RANKING])
def test_other_models_look_at_no_size(model: Model) -> None:
    own = place(1, 3, "2.5", priority=Decimal(100))
    assert rescore(Issue(1, weight=Decimal(1)), own, None, Weights(model=model)) == own
