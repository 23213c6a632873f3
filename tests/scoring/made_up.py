"""Arbitrary small worlds of accounts, opportunities, issues and links."""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from intake.domain.vocabulary import DemandKind
from scoring.domain.records import (
    Account,
    Estimates,
    Health,
    Inputs,
    Issue,
    Link,
    Opportunity,
    Severity,
)
from tests.scoring.worked import TODAY

MOST = 5  # rows of a kind: enough for every way of meeting
NEW = 99  # an account that no world has

amounts = st.none() | st.decimals(-1000, 1_000_000, places=2)
days = st.none() | st.dates(date(2025, 1, 1), date(2029, 1, 1))
sizes = st.none() | st.integers(0, 13).map(Decimal)
keys = st.integers(0, MOST - 1)

accounts = st.builds(
    Account,
    id=st.just(0),
    arr=amounts,
    health=st.sampled_from(Health),
    renewal_on=days,
    seats=st.none() | st.integers(0, 5000),
    is_strategic=st.booleans(),
)
opportunities = st.builds(
    Opportunity,
    id=st.just(0),
    account=keys,
    net_arr=amounts,
    probability=st.none() | st.decimals(0, 100, places=1),
    closes_on=days,
    is_closed=st.booleans(),
    is_lost=st.booleans(),
)
estimates = st.builds(
    Estimates,
    duration_weeks=sizes,
    reach=sizes,
    impact=sizes,
    confidence=sizes,
    effort=sizes,
    business_value=sizes,
    time_criticality=sizes,
    risk_reduction=sizes,
    job_size=sizes,
)
issues = st.builds(
    Issue,
    id=st.just(0),
    is_open=st.booleans(),
    created_on=days,
    weight=sizes,
    themes=st.lists(st.sampled_from("xyz"), max_size=2).map(tuple),
    estimates=estimates,
)


def number(rows: list[object]) -> list[object]:
    """With ids 0, 1, 2, …"""
    return [type(row)(**{**fields(row), "id": place}) for place, row in enumerate(rows)]


def fields(row: object) -> dict[str, object]:
    return {name: getattr(row, name) for name in row.__slots__}


@st.composite
def links(draw: st.DrawFn, opportunities_at: list[Opportunity]) -> Link:
    """Retention, growth on one of the opportunities, or growth without one."""
    kind = draw(st.sampled_from(DemandKind))
    chosen = None
    if kind == DemandKind.GROWTH:
        chosen = draw(st.none() | st.sampled_from(opportunities_at))
    return Link(
        issue=draw(keys),
        account=chosen.account if chosen else draw(keys),
        kind=kind,
        opportunity=chosen.id if chosen else None,
        points=draw(st.integers(1, 10)),
        value=draw(st.integers(1, 3)),
        urgency_points=draw(st.integers(1, 3)),
        severity=draw(st.sampled_from(Severity)),
    )


@st.composite
def worlds(draw: st.DrawFn) -> Inputs:
    exactly = {"min_size": MOST, "max_size": MOST}
    deals = number(draw(st.lists(opportunities, **exactly)))
    return Inputs.gather(
        TODAY,
        accounts=number(draw(st.lists(accounts, **exactly))),
        opportunities=deals,
        issues=number(draw(st.lists(issues, **exactly))),
        links=draw(st.lists(links(deals), max_size=12)),
    )
