"""The two spellings of a Salesforce id: 15 characters, and the same with 3 that check the case."""

import re

_ID = re.compile(r"[0-9A-Za-z]{15}(?:[A-Za-z0-5]{3})?", re.ASCII)
_CASE_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def to_18(salesforce_id: str) -> str:
    """The 18-character spelling of an id of 15 or 18 characters.

    The last three characters say which of the others are upper case: bit i of a digit stands for
    character i of its chunk of five. An id of 18 characters that lost its case on the way (an
    address typed in lower case) gets it back from them.
    Raises ValueError when it is not an id, or when its last three characters contradict it.
    https://help.salesforce.com/s/articleView?id=000383751&type=1
    """
    if not _ID.fullmatch(salesforce_id):
        raise ValueError("not a Salesforce id: it takes 15 or 18 letters and digits")
    body, check = salesforce_id[:15], salesforce_id[15:].upper()
    if check and body in (body.lower(), body.upper()):
        body = _restore_case(body, check)
    complete = body + "".join(_sum_up_case(body[at : at + 5]) for at in (0, 5, 10))
    if check and not complete.endswith(check):
        raise ValueError("not a Salesforce id: its last three characters do not fit the others")
    return complete


def _sum_up_case(chunk: str) -> str:
    return _CASE_DIGITS[sum(1 << i for i, character in enumerate(chunk) if character.isupper())]


def _restore_case(body: str, check: str) -> str:
    bits = sum(_CASE_DIGITS.index(digit) << 5 * place for place, digit in enumerate(check))
    return "".join(
        character.upper() if bits >> i & 1 else character.lower()
        for i, character in enumerate(body)
    )
