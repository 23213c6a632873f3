"""What a lead passes on to the colleague they invited, in their own mail."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Letter:
    """`mailto` opens it in the mail program of whoever sends it."""

    subject: str
    body: str
    mailto: str


def write_letter(*, site: str, address: str, account: str, email: str, until: datetime) -> Letter:
    subject = f"Your place in the {site} intake portal"
    body = (
        f"I have invited you to {account}'s requests in the {site} intake portal.\n\n"
        f"Open {address} and sign in with this address: {email}\n"
        "You get a code by mail; there is no password to choose.\n\n"
        f"The invitation holds until {until.day} {until:%B %Y}.\n"
    )
    head, body_ = quote(subject), quote(body.replace("\n", "\r\n"))
    return Letter(subject, body, f"mailto:{quote(email, safe='@')}?subject={head}&body={body_}")
