"""The mails the demo's portal sends: files in a folder, as Django's file backend writes them."""

import email
import email.policy
import re
from dataclasses import dataclass
from pathlib import Path

END = b"\n" + b"-" * 79 + b"\n"  # what the backend writes after each mail
CODE = re.compile(r"^\s*([A-Z0-9]{3,5}(?:-[A-Z0-9]{3,5})?|\d{6})\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Mail:
    to: str
    subject: str
    text: str

    @property
    def code(self) -> str:
        """A sign-in code: the line that holds nothing else. Empty for other mails."""
        found = CODE.search(self.text)
        return found[1] if found else ""


class Mailbox:
    """Every mail in the order of its file; a file may hold several, and grow."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, to: str = "") -> list[Mail]:
        """All, or one person's; a mail that is still being written is left out."""
        files = sorted(self._folder.glob("*.log"), key=lambda path: path.stat().st_mtime_ns)
        mails = [mail for path in files for mail in read_file(path)]
        return [mail for mail in mails if not to or mail.to.casefold() == to.casefold()]


def read_file(path: Path) -> list[Mail]:
    whole, _, _ = path.read_bytes().rpartition(END)
    return [read_mail(raw.lstrip(b"\n")) for raw in whole.split(END) if raw.strip()]


def read_mail(raw: bytes) -> Mail:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    body = message.get_body(("plain",))
    text = str(body.get_content()) if body else ""
    return Mail(str(message["To"] or ""), str(message["Subject"] or ""), text)
