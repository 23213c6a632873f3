"""Why an act is not done: each refusal is a sentence for the person who asked."""


class Refusal(Exception):
    """Nothing was written. The message says why and what to do."""


class AlreadyDecided(Refusal):
    def __init__(self, who: str) -> None:
        super().__init__(f"Already decided by {who}. Take that decision back first.")


class NotAllowed(Refusal):
    def __init__(self) -> None:
        super().__init__("You may not do this.")


class NothingToUndo(Refusal):
    def __init__(self) -> None:
        super().__init__("There is no decision to take back.")


class ReasonMissing(Refusal):
    def __init__(self) -> None:
        super().__init__("Write a reason: the customer reads it.")


class TooMany(Refusal):
    """More than this person may have at a time."""


class TooLate(Refusal):
    """The request has moved on: withdrawn, or decided meanwhile."""
