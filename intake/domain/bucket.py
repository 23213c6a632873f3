"""The one function through which every count shown to a customer goes."""

BUCKETS = (100, 50, 25, 10, 5)


def bucket_count(count: int) -> str:
    """`12` becomes "10+"; nothing under five is told, not even that there is something."""
    for floor in BUCKETS:
        if count >= floor:
            return f"{floor}+"
    return ""
