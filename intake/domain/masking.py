"""Customer text without what GitLab must not learn: who wrote it, their addresses, their money.

What people paste can be long: only as much is read as anybody quotes.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from intake.domain.plain_text import drop_controls

MASK_LIMIT = 12_000  # characters; beyond them nothing is kept
_CUT_EDGE = 300  # where a name or a sum may be cut in two

_START, _END = r"(?<![^\W_])", r"(?![^\W_])"  # an underscore is Markdown, not part of a word

_SYMBOL = r"(?:(?<![^\W_])[A-Z]{1,3})?[$€£¥₹₩₽₺₪₫₴₦฿₱＄￡￥]"
_CODE = (
    r"[KMT]?(?:USD|EUR)|GBP|CHF|JPY|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|INR|CNY|BRL|MXN|ZAR|"
    r"kr|zł|Kč"
)
_COIN = r"dollars?|euros?|pounds?|francs?|rupees?|yen|yuan|bucks|quid|grand"
_YEARLY = r"(?-i:ARR|MRR|ACV|TCV)"
_FIGURES = r"(?:\d{1,3}(?:[ '’.,\u00a0\u202f]\d{3})++(?:[.,]\d{1,2})?|\d++(?:[.,]\d++)*)"
_SCALE = rf"(?:\s?(?:k|m|mm|mn|mio\.?|b|bn|thousand|million|billion|lakh|crore){_END})?"
_AMOUNT = rf"{_FIGURES}{_SCALE}(?:\s?(?:-|–|—|to)\s?{_FIGURES}{_SCALE})?"
_NUMBER_WORD = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|"
    r"eigh|nine)teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|"
    r"millions?|billions?|half|dozen"
)
_MONEY = re.compile(
    rf"(?:{_SYMBOL}|{_START}(?:{_CODE})\b)[\s:]{{0,2}}{_AMOUNT}"
    rf"|{_START}{_YEARLY}(?:\s(?:of|is|at|about|around|roughly)){{0,2}}[\s:=~]{{0,3}}{_AMOUNT}"
    rf"|(?<![\w.,]){_AMOUNT}(?:[.,][-–])?\s?(?:{_SYMBOL}|(?:{_CODE}|{_COIN}|{_YEARLY}){_END})"
    rf"|{_START}(?:{_NUMBER_WORD})(?:[\s-]+(?:{_NUMBER_WORD}|and|a|of)){{0,9}}[\s-]+(?:{_CODE}|{_COIN}){_END}",
    re.IGNORECASE,
)

_LOCAL = r"(?<![\w.+-])(?<!\w['&%!])(?:[\w.+-]|(?<=\w)['&%!](?=\w))++"
_AT = r"(?:[@＠]|\s?[\[({]\s?at\s?[\])}]\s?)"
_DOT = r"(?:\.|\s?[\[({]\s?dot\s?[\])}]\s?)"
_EMAIL = re.compile(
    rf"{_LOCAL}{_AT}(?:[\w-]+(?:{_DOT}[\w-]+)+|\[[\da-f:.]+\])"
    r"|\"[^\"\n]{1,64}\"@[\w-]+(?:\.[\w-]+)+",
    re.IGNORECASE,
)
_SALESFORCE = re.compile(r"https?://[^\s<>]{0,200}?force\.com[^\s<>()\[\]]*", re.IGNORECASE)


def mask(text: str, *, names: Iterable[str], domains: Iterable[str]) -> str:
    """Without account names, their domains, e-mail addresses, sums of money and account links.

    At most `MASK_LIMIT` characters are read. A name is found in any case, joined or spread over
    lines, with or without its legal form; the word it starts with only where it is written like a
    name.
    """
    masked = unicodedata.normalize("NFC", drop_controls(text[:MASK_LIMIT]))
    masked = _SALESFORCE.sub("[account link]", masked)
    masked = _EMAIL.sub("[address]", masked)
    masked = _MONEY.sub("[sum]", masked)
    for domain in sorted(_spell_domains(domains), key=len, reverse=True):
        pattern = rf"{_START}{re.escape(domain)}{_END}"
        masked = re.sub(pattern, "[domain]", masked, flags=re.IGNORECASE)
    for pattern in _list_name_patterns(names):
        masked = re.sub(rf"{_START}{pattern}{_END}", "[customer]", masked, flags=re.IGNORECASE)
    return masked[:-_CUT_EDGE] if len(text) > MASK_LIMIT else masked


def _spell_domains(domains: Iterable[str]) -> set[str]:
    """Each as it is stored and, where that is the coded form of other letters, as people type."""
    spellings = set()
    for domain in filter(None, domains):
        spellings.add(domain)
        try:
            spellings.add(domain.encode("ascii").decode("idna"))
        except UnicodeError:
            continue
    return spellings


_LEGAL_FORM = re.compile(
    r"[\s,&]+(?:inc|incorporated|ltd|limited|llc|llp|lp|gmbh|mbh|ag|se|plc|corp|corporation|co|company|"
    r"holdings?|group|s\.?a\.?s?|s\.?p\.?a|b\.?v|n\.?v|kg|kgaa|oyj?|ab|as|a/s|aps|sarl|pty)\.?$",
    re.IGNORECASE,
)
# Names begin with these as often as sentences do.
_EVERYDAY = frozenset(
    word
    for line in (
        "advanced american applied british canadian capital central county deutsche digital",
        "dynamic eastern european federal general global industrial integrated international",
        "ministry national northern pacific premier public quality security service southern",
        "standard systems technical technology united universal university western",
    )
    for word in line.split()
)
_JOINT = r"[\W_]{0,3}(?:(?:and|und|et|y)[\W_]{1,3})?"
_JOINING = frozenset({"and", "und", "et", "y"})


def _list_name_patterns(names: Iterable[str]) -> Iterator[str]:
    """The longest names first, so that no part of one is left standing."""
    plain = {unicodedata.normalize("NFC", name).strip() for name in names}
    spellings = {spelling for name in plain for spelling in (name, _drop_legal_form(name))}
    for name in sorted(spellings, key=len, reverse=True):
        words = re.findall(r"[^\W_]+", name)
        if len("".join(words)) > 2:
            yield _JOINT.join(re.escape(word) for word in words if word.lower() not in _JOINING)
        elif len(words) == 1 and len(words[0]) == 2:  # two letters: a name only as it is written
            yield f"(?-i:{re.escape(words[0])})"
    for name in sorted(spellings, key=len, reverse=True):
        yield from _list_short_patterns(re.findall(r"[^\W_]+", name))


def _drop_legal_form(name: str) -> str:
    shorter = _LEGAL_FORM.sub("", name)
    return name if shorter == name else _drop_legal_form(shorter)


def _list_short_patterns(words: list[str]) -> Iterator[str]:
    """What colleagues call it: "Blue Petrel Components" is Blue Petrel, "Orrin and Vale" Orrin."""
    if len(words) > 2 and words[-2].lower() not in _JOINING:
        yield _JOINT.join(re.escape(word) for word in words[:-1] if word.lower() not in _JOINING)
    first = words[0] if len(words) > 1 else ""
    if len(first) > 4 and first.lower() not in _EVERYDAY:
        yield f"(?-i:{re.escape(first.capitalize())}|{re.escape(first)}|{re.escape(first.upper())})"
