"""What a lead passes on, also as a link that their mail program opens."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

from portal.domain.invitation_letter import write_letter


def test_the_mail_holds_what_the_page_shows() -> None:
    letter = write_letter(
        site="Larkfield",
        address="https://requests.example",
        account="Müller & Söhne",
        email="li+portal@x.example",
        until=datetime(2026, 12, 3, tzinfo=UTC),
    )
    assert "li+portal@x.example" in letter.body
    assert "3 December 2026" in letter.body
    link = urlsplit(letter.mailto)
    asked = parse_qs(link.query)
    assert (link.scheme, link.path) == ("mailto", "li%2Bportal@x.example")
    assert asked["body"][0].replace("\r\n", "\n") == letter.body
    assert asked["subject"] == [letter.subject]
