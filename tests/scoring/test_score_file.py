"""`manage.py score_file`: one JSON object, or exit status 2 and a sentence for each fault.

No test here may use the database: pytest-django refuses any connection.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.domain.weights import Model

ROOT = Path(__file__).resolve().parents[2]

T3 = {
    "today": "2026-03-15",
    "accounts": [
        {"id": "A", "arr": 120000, "health": "yellow", "renewal_on": "2027-03-01"},
        {"id": "B", "arr": "30000.00", "health": "green", "renewal_on": "2027-03-01"},
    ],
    "opportunities": [
        {"id": "O", "account": "A", "net_arr": 50000, "probability": 50, "closes_on": "2026-08-31"}
    ],
    "issues": [
        {"id": "#101", "weight": 8, "themes": ["speed", "scale"], "created_on": "2024-01-01"},
        {"id": "#102", "weight": 2, "themes": ["scale"]},
        {"id": "#103", "weight": 3},
        {"id": "#104", "state": "closed", "weight": 1, "themes": ["done"]},
        {"id": "#100", "weight": 1},
    ],
    "links": [
        {"issue": "#101", "account": "A", "points": 10},
        {"issue": "#102", "account": "A", "points": 2},
        {"issue": "#101", "account": "B", "points": 1},
        {"issue": "#103", "account": "B", "points": 4},
        {"issue": "#103", "account": "A", "opportunity": "O", "points": 5},
        {"issue": "#104", "account": "A", "points": 9},
    ],
}
T1 = {
    "accounts": [{"id": "A", "arr": 120000}, {"id": "B", "arr": 60000}],
    "issues": [{"id": "X", "duration_weeks": 5}, {"id": "Y", "duration_weeks": 2}],
    "links": [
        {"issue": "X", "account": "A", "value": 3, "urgency_points": 3},
        {"issue": "Y", "account": "A", "value": 1, "urgency_points": 1},
        {"issue": "X", "account": "B", "value": 2, "urgency_points": 2},
    ],
}
ESTIMATES = {
    "issues": [
        {"id": "few", "reach": 10, "impact": 0.5, "confidence": 80, "effort": 2},
        {"id": "many", "reach": 2000, "impact": 2, "confidence": 80, "effort": 4},
        {"id": "third", "business_value": 5, "time_criticality": 3, "risk_reduction": 2,
         "job_size": 3},
    ]
}  # fmt: skip

Score = Callable[..., dict[str, Any]]


@pytest.fixture
def score(tmp_path: Path) -> Score:
    def run(content: Any, model: str | None = None) -> dict[str, Any]:
        path = tmp_path / "scores.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        return run_command(path, *(["--model", model] if model else []))

    return run


def run_command(path: Path, *options: str) -> dict[str, Any]:
    out = StringIO()
    call_command("score_file", str(path), *options, stdout=out)
    return json.loads(out.getvalue())


def test_t3_by_the_default_model(score: Score) -> None:
    answer = score(T3)
    assert list(answer) == ["model", "issues", "themes"]
    assert answer["model"] == "cipf"
    keys = ("retention", "growth", "combined", "priority", "weighted", "linked_arr", "accounts")
    rows = {row["id"]: [row["rank"], *(row[key] for key in keys)] for row in answer["issues"]}
    nothing = [None, None, None, None, None, None, "0.00", 0]
    assert rows == {
        "#103": [1, "24000.00", "50000.00", "74000.00", "99000.00", "33000.00", "150000.00", 2],
        "#101": [2, "106000.00", "0.00", "106000.00", "256000.00", "32000.00", "150000.00", 2],
        "#102": [3, "20000.00", "0.00", "20000.00", "50000.00", "25000.00", "120000.00", 1],
        "#100": nothing,
        "#104": nothing,
    }
    assert list(rows) == ["#103", "#101", "#102", "#100", "#104"]
    assert answer["themes"] == [
        {"theme": "scale", "priority": "306000.00"},
        {"theme": "speed", "priority": "256000.00"},
        {"theme": "done", "priority": None},
    ]


def test_each_issue_has_exactly_these_keys(score: Score) -> None:
    shared = {"id", "rank", "linked_arr", "accounts", "warnings"}
    own = {
        "cipf": {"retention", "growth", "combined", "priority", "weighted"},
        "cd3": {"score", "cost_of_delay", "duration_weeks"},
        "cd3_pilot_average": {"score", "cost_of_delay", "duration_weeks"},
        "rice": {"score", "reach", "proposed_reach", "impact", "confidence", "effort"},
        "wsjf": {"score", "cost_of_delay", "job_size"},
        "gap_ranking": {
            "score", "ranks", "worst_rank", "impacted_arr", "strategic_accounts", "p0_accounts",
            "lost_arr",
        },
    }  # fmt: skip
    assert own.keys() == set(Model)
    for model, keys in own.items():
        for row in score(T3, model)["issues"]:
            assert row.keys() == shared | keys


def test_warnings_are_told_in_words(score: Score) -> None:
    bare = {
        "accounts": [{"id": "A"}],
        "issues": [{"id": 1}],
        "links": [{"issue": 1, "account": "A"}],
    }
    (row,) = score(bare)["issues"]
    assert row["warnings"] == [
        "ARR missing, counts as 0: account A",
        "add a weight",
        "renewal date missing: account A",
    ]
    assert (row["priority"], row["weighted"], row["rank"]) == ("0.00", None, None)


@pytest.mark.parametrize(
    ("model", "x_cost", "x_score"),
    [("cd3", "390000.00", "78000.00"), ("cd3_pilot_average", "195000.00", "39000.00")],
)
def test_t1(score: Score, model: str, x_cost: str, x_score: str) -> None:
    x, y = score(T1, model)["issues"]
    assert (x["id"], x["rank"], x["cost_of_delay"], x["score"]) == ("X", 1, x_cost, x_score)
    assert (y["id"], y["rank"], y["score"]) == ("Y", 2, "15000.00")


def test_rice_and_wsjf_are_plain_numbers(score: Score) -> None:
    many, few, third = score(ESTIMATES, "rice")["issues"]
    assert [many["id"], many["rank"], many["score"]] == ["many", 1, "800"]
    assert [few["rank"], few["score"], few["reach"], few["impact"]] == [2, "2", "10", "0.5"]
    assert [few["confidence"], few["effort"], few["proposed_reach"]] == ["80", "2", None]
    assert [third["rank"], third["score"]] == [None, None]
    first = score(ESTIMATES, "wsjf")["issues"][0]
    assert [first["id"], first["cost_of_delay"], first["job_size"]] == ["third", "10", "3"]
    assert first["score"] == "3." + "3" * 27


def test_t7(score: Score) -> None:
    gaps = {"G1": (500_000, 4, 1, 1), "G2": (300_000, 9, 3, 3), "G3": (300_000, 2, 0, 2)}
    accounts, links = [], []
    for issue, (arr, count, strategic, dealbreakers) in gaps.items():
        for place in range(count):
            key = f"{issue}-{place}"
            arr_here = arr if place == 0 else 0
            accounts.append({"id": key, "arr": arr_here, "strategic": place < strategic})
            severity = "P0" if place < dealbreakers else "P1"
            links.append({"issue": issue, "account": key, "severity": severity})
    content = {"accounts": accounts, "issues": [{"id": key} for key in gaps], "links": links}
    first, second, third = score(content, "gap_ranking")["issues"]
    assert [row["id"] for row in (first, second, third)] == ["G2", "G1", "G3"]
    assert first["ranks"] == {
        "impacted_arr": 2.5, "accounts": 1, "strategic_accounts": 1, "p0_share": 2,
    }  # fmt: skip
    assert [row["score"] for row in (first, second, third)] == ["1.625", "2", "2.375"]
    assert [row["worst_rank"] for row in (first, second, third)] == [2.5, 3, 3]
    assert first["lost_arr"] == "0.00"


def test_an_answer_is_ascii_whatever_the_ids_are(score: Score) -> None:
    assert score({"issues": [{"id": "Größe \ud800"}]})["issues"][0]["id"] == "Größe \ud800"


def test_a_missing_file_and_a_folder_are_one_sentence(tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(CommandError) as refused:
            call_command("score_file", str(path))
        assert refused.value.returncode == 2
        assert str(refused.value).startswith(f"{path}: ")
        assert str(refused.value).endswith(".")


def test_an_unknown_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="invalid choice: 'best'"):
        call_command("score_file", str(tmp_path), "--model", "best")


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["A", "B", "O", "#101", "2026-03-15", "closed", "P0", "red"]),
    lambda children: (
        st.lists(children, max_size=4)
        | st.dictionaries(st.sampled_from([*T3, "id", "account", "x"]), children, max_size=4)
    ),
    max_leaves=12,
)


@st.composite
def near_misses(draw: st.DrawFn) -> Any:
    """The worked file with a few values replaced by anything."""
    content = json.loads(json.dumps(T3))
    for _ in range(draw(st.integers(1, 3))):
        rows = content[draw(st.sampled_from(["accounts", "opportunities", "issues", "links"]))]
        row = draw(st.sampled_from(rows))
        row[draw(st.sampled_from([*row, "seats", "value", "reach", "severity", "is_lost"]))] = draw(
            anything
        )
    return content


def answer(content: bytes, model: str) -> dict[str, Any] | CommandError:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "any.json"
        path.write_bytes(content)
        try:
            return run_command(path, "--model", model)
        except CommandError as refusal:
            return refusal


def check(content: bytes, model: str) -> None:
    """Either an answer in rank order, or status 2 with whole sentences."""
    given_back = answer(content, model)
    if isinstance(given_back, CommandError):
        assert given_back.returncode == 2
        assert all(line.endswith(".") for line in str(given_back).split("\n"))
    else:
        assert given_back["model"] == model
        places = [row["rank"] for row in given_back["issues"] if row["rank"] is not None]
        assert places == list(range(1, len(places) + 1))


slow = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@slow
@given(anything | near_misses(), st.sampled_from([str(model) for model in Model]))
def test_any_json_is_scored_or_refused(content: Any, model: str) -> None:
    check(json.dumps(content).encode(), model)


@slow
@given(st.binary(max_size=40))
def test_any_bytes_are_scored_or_refused(content: bytes) -> None:
    check(content, "cipf")


def run_in_a_shell(path: Path) -> subprocess.CompletedProcess[str]:
    """With a database that does not answer: touching it would fail."""
    nowhere = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing"}
    return subprocess.run(
        [sys.executable, "manage.py", "score_file", str(path)],
        cwd=ROOT,
        env=os.environ | nowhere | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_from_a_shell_without_a_database(tmp_path: Path) -> None:
    path = tmp_path / "t3.json"
    path.write_text(json.dumps(T3))
    ended = run_in_a_shell(path)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert json.loads(ended.stdout)["issues"][0]["weighted"] == "33000.00"


def test_from_a_shell_every_fault_is_a_line_and_the_status_is_2(tmp_path: Path) -> None:
    path = tmp_path / "wrong.json"
    path.write_text('{"accounts": [{"id": "A", "arr": true}], "link": [], "issues": 5}')
    ended = run_in_a_shell(path)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.splitlines() == [
        "CommandError: The key 'link' is unknown.",
        'accounts[0].arr: an amount such as 120000 or "120000.00" is expected, not true.',
        "issues: a list is expected, not 5.",
    ]
