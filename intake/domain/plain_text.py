"""Text as people paste it: made regular, and refused where it hides something."""

import unicodedata

FILLERS = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))  # no width, no meaning
MISLEADING = frozenset("\u202a\u202b\u202d\u202e\u2066\u2067\u2068")  # turn the reading direction
LINE_ENDS = frozenset("\n\t")


def make_regular(text: str) -> str:
    """One kind of line end, no fillers, nothing around it; empty when nothing can be seen."""
    regular = text.replace("\r\n", "\n").replace("\r", "\n").translate(FILLERS).strip()
    return regular if any(is_visible(letter) for letter in regular) else ""


def is_visible(letter: str) -> bool:
    return unicodedata.category(letter)[0] not in "CZ" and letter != "\u2800"  # blank Braille


def find_hidden(text: str) -> str:
    """The first control or misleading character in regular text, as U+0000; empty when none."""
    for letter in text:
        is_control = unicodedata.category(letter) == "Cc" and letter not in LINE_ENDS
        if is_control or letter in MISLEADING or "\ud800" <= letter <= "\udfff":
            return f"U+{ord(letter):04X}"
    return ""


def drop_controls(text: str) -> str:
    """Without null bytes, other control characters, fillers and text-direction tricks."""
    return "".join(
        letter
        for letter in text.replace("\r\n", "\n").replace("\r", "\n")
        if letter in LINE_ENDS or unicodedata.category(letter) not in {"Cc", "Cf", "Cs"}
    )
