"""How long to wait before trying again something that was away."""

from datetime import timedelta

FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=10)


def wait_before_retry(failures: int) -> timedelta:
    """5 s, then twice as long each time, at most ten minutes. `failures` counts from 1."""
    doublings = min(failures - 1, 10)
    return min(FIRST_WAIT * float(2**doublings), LONGEST_WAIT)
