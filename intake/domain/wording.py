"""How each public state is worded: a label and one sentence, until staff word it otherwise."""

from dataclasses import dataclass

from intake.domain.vocabulary import PublicState


@dataclass(frozen=True, slots=True)
class Wording:
    """`{release}` in either text stands for the release, with words around it that fit."""

    label: str
    meaning: str

    def for_release(self, release: str) -> "Wording":
        name = release or "a later release"
        return Wording(
            self.label.replace("{release}", name), self.meaning.replace("{release}", name)
        )


DEFAULT_WORDING: dict[str, Wording] = {
    PublicState.RECEIVED: Wording("Received", "Your request is in. A person will read it."),
    PublicState.UNDER_REVIEW: Wording(
        "Under review", "We are comparing your request with what is already asked for."
    ),
    PublicState.WAITING_FOR_YOU: Wording(
        "Waiting for you", "We asked you something and go on as soon as you answer."
    ),
    PublicState.JOINED: Wording(
        "Joined with another request",
        "The same wish is already on our list. Yours counts with it, in your own words.",
    ),
    PublicState.NOT_PLANNED: Wording("Not planned", "We will not do this. The reason is below."),
    PublicState.ALREADY_POSSIBLE: Wording(
        "Already possible", "The product can do this today. How is told below."
    ),
    PublicState.CONSIDERED: Wording(
        "Considered", "This is on our list without a date. We look at it again on a fixed day."
    ),
    PublicState.SCHEDULED: Wording(
        "Scheduled for {release}",
        "This is the target. It may still move; you will hear if it does.",
    ),
    PublicState.HOPED_FOR: Wording(
        "Hoped for in {release}", "The team tries to fit this in and is not sure that it will."
    ),
    PublicState.COMMITTED: Wording(
        "Committed for {release}", "The team is confident that this comes with {release}."
    ),
    PublicState.IN_PROGRESS: Wording("In progress", "The team is working on this now."),
    PublicState.SHIPPED: Wording(
        "Shipped in {release}", "This is in the product. Tell us whether it solves your problem."
    ),
    PublicState.CONFIRMED: Wording("Confirmed by you", "You told us that this helps. Thank you."),
    PublicState.WITHDRAWN: Wording("Withdrawn", "You took this request back."),
}
