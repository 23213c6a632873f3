"""Which addresses are links to a Salesforce record, and to which."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.domain.salesforce_link import (
    LinkKind,
    account_url,
    find_salesforce_links,
    parse_salesforce_link,
)
from portal.domain.salesforce_id import to_18

HOSTS = {
    "acme.lightning.force.com",
    "acme.my.salesforce.com",
    "na1.salesforce.com",
    "acme--uat.sandbox.lightning.force.com",
    "Sourcegraph2020.lightning.force.com",
}
ACCOUNT = "001D000000IqhSLIAZ"
ACCEPTED = [
    ("https://acme.lightning.force.com/lightning/r/Account/001D000000IqhSLIAZ/view", ACCOUNT),
    ("https://acme.lightning.force.com/lightning/r/Account/001D000000IqhSL/view?queryScope=userFolders", ACCOUNT),  # noqa: E501
    ("https://acme.lightning.force.com/lightning/r/001D000000IqhSLIAZ/view", ACCOUNT),
    ("https://acme.my.salesforce.com/001D000000IqhSL", ACCOUNT),
    ("https://na1.salesforce.com/001D000000IqhSLIAZ?nooverride=1", ACCOUNT),
    ("https://acme--uat.sandbox.lightning.force.com/lightning/r/Account/001D000000IqhSLIAZ/view",
     ACCOUNT),
    ("https://acme.my.salesforce.com/lightning/r/Account/001D000000IqhSLIAZ/view", ACCOUNT),
    ("https://acme.lightning.force.com/lightning/r/Contact/003D000000QYVPzIAP/view?ws=%2Flightning%2Fr%2FAccount%2F001D000000IqhSLIAZ%2Fview", "003D000000QYVPzIAP"),  # noqa: E501
    ("https://acme.lightning.force.com/lightning/r/Opportunity/006D000000IqhSLIAZ/view",
     "006D000000IqhSLIAZ"),
    ("https://acme.my.salesforce.com/006D000000IqhSL", "006D000000IqhSLIAZ"),
    ("https://sourcegraph2020.lightning.force.com/lightning/r/Dashboard/01Z5b0000004tnMEAQ/view?queryScope=userFolders", "01Z5b0000004tnMEAQ"),  # noqa: E501
    ("https://acme.my.salesforce.com/001D000000IqhSL/e", ACCOUNT),
    ("https://ACME.my.salesforce.com/001D000000IqhSL/", ACCOUNT),
    ("https://acme.lightning.force.com/one/one.app#/sObject/001D000000IqhSLIAZ/view", ACCOUNT),
    ("https://acme.lightning.force.com/one/one.app?source=x#/sObject/001D000000IqhSL/view?t=1",
     ACCOUNT),
    ("https://acme.lightning.force.com/lightning/r/Account/001D000000IqhSLIAZ/related/Cases/view",
     ACCOUNT),
]  # fmt: skip
REFUSED = [
    "http://acme.my.salesforce.com/001D000000IqhSLIAZ",
    "https://evil.example/lightning/r/Account/001D000000IqhSLIAZ/view",
    "https://acme.lightning.force.com.evil.example/lightning/r/Account/001D000000IqhSLIAZ/view",
    "https://u:p@acme.my.salesforce.com/001D000000IqhSLIAZ",
    "https://acme.lightning.force.com/lightning/o/Account/list?filterName=Recent",
    "javascript:alert(1)//acme.my.salesforce.com/001D000000IqhSLIAZ",
    "https://@acme.my.salesforce.com/001D000000IqhSLIAZ",
    "https://evil.example\\@acme.my.salesforce.com/001D000000IqhSLIAZ",
    "https://acme.my.salesforce.com\\.evil.example/001D000000IqhSLIAZ",
    "https://acme.my.salesforce.com:8443/001D000000IqhSLIAZ",
    "https://acme.my.salesforce.com:0/001D000000IqhSLIAZ",
    "https://acme.my.salesforce.com:x/001D000000IqhSLIAZ",
    "https://acme.my.salesforce.com./001D000000IqhSLIAZ",
    "https://[acme.my.salesforce.com/001D000000IqhSLIAZ",
    "https://acme.my.salesforce.com?/001D000000IqhSLIAZ",
    "https://evil.example/?https://acme.my.salesforce.com/001D000000IqhSLIAZ",
    "https://acme.my.salesforce.com/001D000000IqhSLIAA",
    "https://acme.my.salesforce.com/001D000000IqhS",
    "https://acme.my.salesforce.com/x/001D000000IqhSLIAZ",
    "//acme.my.salesforce.com/001D000000IqhSLIAZ",
    "001D000000IqhSLIAZ",
    "",
]


@pytest.mark.parametrize(("url", "id18"), ACCEPTED)
def test_every_spelling_leads_to_its_record(url: str, id18: str) -> None:
    link = parse_salesforce_link(url, hosts=HOSTS)
    assert link.id18 == id18
    kinds = {"001": LinkKind.ACCOUNT, "003": LinkKind.CONTACT, "006": LinkKind.OPPORTUNITY}
    assert link.kind == kinds.get(id18[:3], LinkKind.OTHER)


@pytest.mark.parametrize("url", REFUSED)
def test_everything_else_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(ValueError, match=r"^[A-Z].*\.$"):
        parse_salesforce_link(url, hosts=HOSTS)
    assert list(find_salesforce_links(f"See {url} today", hosts=HOSTS)) == []


@pytest.mark.parametrize(("url", "id18"), ACCEPTED)
@pytest.mark.parametrize(
    "around",
    ["See {}.", "[link]({})", "<{}>", "**{}**", "| {} |", "({}),", '"{}"', "{}\n", "- {}!"],
)
def test_links_are_found_in_prose(url: str, id18: str, around: str) -> None:
    found = [link.id18 for link in find_salesforce_links(around.format(url), hosts=HOSTS)]
    assert found == [id18]


def test_several_in_order_and_ids_in_prose_are_no_links() -> None:
    text = f"{ACCEPTED[8][0]} then {ACCEPTED[3][0]}; 001D000000IqhSLIAZ, acme.my.salesforce.com/x"
    found = [link.id18 for link in find_salesforce_links(text, hosts=HOSTS)]
    assert found == ["006D000000IqhSLIAZ", ACCOUNT]


PAIRS = [
    ("01Z5b0000004tnM", "01Z5b0000004tnMEAQ"),
    ("01Z5b0000015UGh", "01Z5b0000015UGhEAM"),
    ("001D000000IqhSL", "001D000000IqhSLIAZ"),
    ("01gD0000002HU6K", "01gD0000002HU6KIAW"),
    ("003q000000KvQ1t", "003q000000KvQ1tAAF"),
    ("003q000000KvQ2D", "003q000000KvQ2DAAV"),
    ("003q000000KwKFh", "003q000000KwKFhAAN"),
    ("003q000000KwJyq", "003q000000KwJyqAAF"),
    ("701E0000000JuFH", "701E0000000JuFHIA0"),
    ("701E00000005ZqA", "701E00000005ZqAIAU"),
    ("001RM000003oLnn", "001RM000003oLnnYAE"),
    ("003RM0000068xV6", "003RM0000068xV6YAI"),
    ("001M000001FgVKl", "001M000001FgVKlIAN"),
    ("005M0000007whdu", "005M0000007whduIAA"),
]


@pytest.mark.parametrize(("id15", "id18"), PAIRS)
def test_short_and_long_ids_are_one_record(id15: str, id18: str) -> None:
    for spelling in (id15, id18):
        url = f"https://acme.my.salesforce.com/{spelling}"
        assert parse_salesforce_link(url, hosts=HOSTS).id18 == id18


@given(st.from_regex(r"001[0-9A-Za-z]{12}", fullmatch=True))
def test_what_the_portal_writes_it_finds_again(id15: str) -> None:
    id18 = to_18(id15)
    note = f"- Link to request: {account_url(id18, host='acme.my.salesforce.com')}\n- Priority"
    found = list(find_salesforce_links(note, hosts=HOSTS))
    assert [(link.id18, link.kind) for link in found] == [(id18, LinkKind.ACCOUNT)]


@given(st.text(max_size=200))
def test_nothing_in_a_text_makes_finding_fail(text: str) -> None:
    list(find_salesforce_links(f"https://acme.my.salesforce.com{text}", hosts=HOSTS))
