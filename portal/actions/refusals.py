"""Why an act is not done: each refusal is a sentence for the person who asked."""


class Refusal(Exception):
    """Nothing was written. The message says why and what to do."""


class NotAllowed(Refusal):
    def __init__(self) -> None:
        super().__init__("You may not do this.")
