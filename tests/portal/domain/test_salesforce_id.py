"""15 characters become the 18 that Salesforce itself would write."""

import pytest

from portal.domain.salesforce_id import to_18

PUBLISHED = [
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


@pytest.mark.parametrize(("id15", "id18"), PUBLISHED)
def test_published_pairs(id15: str, id18: str) -> None:
    assert to_18(id15) == id18
    assert to_18(id18) == id18


@pytest.mark.parametrize(("_", "id18"), PUBLISHED)
def test_lost_case_is_restored(_: str, id18: str) -> None:
    assert to_18(id18.lower()) == id18
    assert to_18(id18.upper()) == id18


@pytest.mark.parametrize(
    "text",
    [
        "",
        "001D000000IqhS",
        "001D000000IqhSLI",
        "001D000000IqhSLIAZ0",
        "001D000000IqhS!",
        "001D000000IqhSL\n",
        "００1D000000IqhSL",
        "001D000000IqhSLIA9",
        "001D000000IqhSLAAA",
        "001D000000Iqhslﾟ",
        "https://evil.example/001D000000IqhSL",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a Salesforce id"):
        to_18(text)
