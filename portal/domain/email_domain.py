"""The domain of an e-mail address, as accounts are matched by it."""


def email_domain(address: str) -> str:
    """The part after the last @: IDNA-encoded, lower case; compared exactly, never by ending.

    Raises ValueError when there is none or it is not a domain name.
    """
    _, at, domain = address.strip().rpartition("@")
    domain = domain.rstrip(".")
    if not at or not domain:
        raise ValueError(f"{address!r} has no domain.")
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise ValueError(f"{domain!r} is not a domain name.") from error
