"""What the page behind a mail's "how much mail" link shows."""

from dataclasses import dataclass

from intake.models import Follower


@dataclass(frozen=True, slots=True)
class MailChoice:
    reference: str
    summary: str
    address: str
    level: str


def read_mail_choice(follower: Follower) -> MailChoice:
    """Expects `submission` and `user` to be loaded."""
    return MailChoice(
        follower.submission.reference,
        follower.submission.summary,
        follower.user.email,
        follower.level,
    )
