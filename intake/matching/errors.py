"""How the duplicate finder fails: by name, with a sentence that says what to do."""


class IndexUnavailable(Exception):
    """The index cannot be read or written: missing, damaged, of another version, disk full."""


class IndexHeld(Exception):
    """Another process writes this index; `holder` says which."""

    def __init__(self, holder: str) -> None:
        super().__init__(f"The index is being written by {holder}.")
        self.holder = holder


class EmbeddingUnavailable(Exception):
    """Sentence vectors cannot be computed or read: weights, graph or vectors missing or damaged."""
