"""The demo world: no issue is a variation of another, and every reference resolves."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from intake.domain.salesforce_link import find_salesforce_links

ROOT = Path(__file__).resolve().parents[3]
WORLD = ROOT / "portal" / "sandbox" / "world"
HOSTS = ["larkfield.my.salesforce.com", "larkfield.lightning.force.com"]
CHECKSUM_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"

Record = dict[str, Any]


def word_runs(text: str, length: int = 5) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}


def measure_overlaps(texts: Iterable[str]) -> Iterator[tuple[float, int, int]]:
    """Yield (share, a, b) for pairs with a common run; share of the smaller text's runs."""
    runs = [word_runs(text) for text in texts]
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, of_text in enumerate(runs):
        for run in of_text:
            holders[run].append(number)
    common: Counter[tuple[int, int]] = Counter()
    for numbers in holders.values():
        common.update(combinations(numbers, 2))
    for (a, b), count in common.items():
        yield count / min(len(runs[a]), len(runs[b])), a, b


def add_checksum(id15: str) -> str:
    chunks = (id15[0:5], id15[5:10], id15[10:15])
    values = (sum(1 << at for at, char in enumerate(chunk) if char.isupper()) for chunk in chunks)
    return id15 + "".join(CHECKSUM_ALPHABET[value] for value in values)


@pytest.fixture(scope="module")
def issues() -> list[Record]:
    paths = sorted(WORLD.glob("issues_*.json"))
    return [issue for path in paths for issue in json.loads(path.read_text("utf-8"))]


@pytest.fixture(scope="module")
def accounts() -> list[Record]:
    loaded: list[Record] = json.loads((WORLD / "accounts.json").read_text("utf-8"))
    return loaded


@pytest.fixture(scope="module")
def product() -> Record:
    loaded: Record = yaml.safe_load((ROOT / "intake" / "product.yaml").read_text("utf-8"))
    return loaded


def test_the_measure_finds_a_filled_in_template() -> None:
    template = "As a {} I want to see all my open {} in one place so that nothing is lost"
    texts = [template.format("lead", "reviews"), template.format("tester", "defects")]
    assert max(share for share, _, _ in measure_overlaps(texts)) > 0.2


def test_no_two_issues_share_a_sentence_pattern(issues: list[Record]) -> None:
    texts = [issue["description"] for issue in issues]
    offenders = [
        (round(share, 3), issues[a]["title"], issues[b]["title"])
        for share, a, b in measure_overlaps(texts)
        if share > 0.2
    ]
    assert offenders == []


def test_there_are_enough_issues_and_their_titles_differ(issues: list[Record]) -> None:
    titles = Counter(issue["title"].casefold() for issue in issues)
    assert len(issues) >= 300
    assert [title for title, count in titles.items() if count > 1] == []


def test_descriptions_say_enough_and_no_more(issues: list[Record]) -> None:
    lengths = {issue["title"]: len(issue["description"].split()) for issue in issues}
    assert {title: n for title, n in lengths.items() if not 50 <= n <= 160} == {}


def test_every_issue_belongs_to_an_area_of_the_product(
    issues: list[Record], product: Record
) -> None:
    areas = {issue["area"] for issue in issues}
    assert areas == set(product["areas"])


def test_group_labels_are_those_of_the_product(issues: list[Record], product: Record) -> None:
    entries = [*product["areas"].values(), *product["features"].values()]
    known = {entry["group_label"] for entry in entries}
    used = {label for issue in issues for label in issue["labels"] if label.startswith("group::")}
    assert used <= known


def test_every_closed_issue_has_a_reason_that_holds(issues: list[Record]) -> None:
    titles = {issue["title"] for issue in issues}
    for issue in issues:
        reason = issue.get("closed_reason")
        assert (reason is not None) == (issue["state"] == "closed"), issue["title"]
        if reason == "shipped":
            assert issue["milestone"], issue["title"]
        if reason == "duplicate":
            original = issue["duplicate_of_title"]
            assert original in titles - {issue["title"]}, issue["title"]


def test_issue_dates_are_in_order(issues: list[Record]) -> None:
    for issue in issues:
        created_on = date.fromisoformat(issue["created_on"])
        updated_on = date.fromisoformat(issue["updated_on"])
        assert date(2023, 1, 1) <= created_on <= updated_on < date(2026, 12, 1), issue["title"]


def test_the_walk_finds_its_issue(issues: list[Record]) -> None:
    title = "Require specific approvers when changes touch chosen paths"
    [issue] = [issue for issue in issues if issue["title"] == title]
    assert issue["area"] == "code_review"
    assert (issue["state"], issue["confidential"], issue["milestone"]) == (
        "opened",
        False,
        None,
    )
    assert "deliverable" not in issue["labels"]


def test_there_are_forty_accounts_and_most_have_no_manager(
    accounts: list[Record],
) -> None:
    managed = [account for account in accounts if account["tam_email"]]
    assert (len(accounts), len(managed)) == (40, 10)
    assert all(account["tam_name"] for account in managed)
    assert accounts[0]["name"] == "Northwind Freight"
    assert accounts[0]["tam_email"] is None
    emails = [contact["email"] for contact in accounts[0]["contacts"]]
    assert emails == [
        "maya.lindqvist@northwind-freight.example",
        "tomas.okafor@northwind-freight.example",
    ]


def test_every_salesforce_id_has_its_checksum(accounts: list[Record]) -> None:
    ids = [("001", account["id18"]) for account in accounts]
    for account in accounts:
        ids += [("003", contact["id18"]) for contact in account["contacts"]]
        ids += [("006", opportunity["id18"]) for opportunity in account["opportunities"]]
    for prefix, id18 in ids:
        assert id18.startswith(prefix)
        assert add_checksum(id18[:15]) == id18
    assert len({id18.casefold() for _, id18 in ids}) == len(ids)


def test_every_contact_writes_from_the_company(accounts: list[Record]) -> None:
    domains = [account["domain"] for account in accounts]
    assert len(set(domains)) == len(domains)
    for account in accounts:
        assert account["domain"].endswith(".example")
        assert account["contacts"]
        for contact in account["contacts"]:
            assert contact["email"].endswith("@" + account["domain"])


def test_features_refer_to_known_areas_and_use_cases(product: Record) -> None:
    for key, feature in product["features"].items():
        assert feature["area"] in product["areas"], key
        assert set(feature["use_cases"]) <= set(product["use_cases"]), key


@pytest.fixture(scope="module")
def notes() -> Record:
    loaded: Record = json.loads((WORLD / "notes.json").read_text("utf-8"))
    return loaded


def test_comments_are_on_open_issues_by_people_who_exist(
    notes: Record, issues: list[Record]
) -> None:
    opened = {issue["title"] for issue in issues if issue["state"] == "opened"}
    people = {person["username"] for person in notes["people"]} | {"dana", "miles"}
    for note in notes["notes"]:
        assert note["issue"] in opened
        assert note["author"] in people
        assert date.fromisoformat(note["written_on"]) < date(2026, 12, 1)


def test_comments_name_no_customer_and_no_money(notes: Record, accounts: list[Record]) -> None:
    for note in notes["notes"]:
        for account in accounts:
            assert account["name"].casefold() not in note["body"].casefold()
        assert not re.search(r"[$€£]|\bARR\b|\bEUR\b|\bUSD\b", note["body"])


def test_comments_lead_to_accounts_and_opportunities_of_the_world(
    notes: Record, accounts: list[Record]
) -> None:
    """All but one, of an account that is no customer any more."""
    known = {account["id18"] for account in accounts}
    known |= {deal["id18"] for account in accounts for deal in account["opportunities"]}
    bodies = [note["body"] for note in notes["notes"]]
    found = [link.id18 for body in bodies for link in find_salesforce_links(body, hosts=HOSTS)]
    assert len(found) >= len(bodies)
    assert len({id18 for id18 in found if id18.startswith("001")} & known) >= 30
    assert len([id18 for id18 in found if id18.startswith("006")]) >= 3
    assert len(set(found) - known) == 1
