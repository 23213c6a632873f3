"""A text that sorts as ranks do, so that a database can hold the order and find a place in it."""

from datetime import date

from scoring.domain.ranking import Score

PLACES = 18  # of a merit; closer than that, two scores count as equal
MIDDLE = 5 * 10**35  # above and below it lie merits up to 5 × 10 ** 17
WIDTH, MERITS, ID_WIDTH = 36, 3, 19
LAST = "1"  # every issue with a rank sorts before it


def write_standing(score: Score) -> str:
    """Digits alone, which every collation sorts alike: the greater merit first, then the older
    issue, then the smaller id (a primary key). Issues without a score follow, by id."""
    key = f"{score.demand.issue.id:0{ID_WIDTH}d}"
    if score.merits is None:
        return LAST + key
    # Whole numbers instead of fractions: there is one for every merit of every issue.
    merits = [MIDDLE - merit.numerator * 10**PLACES // merit.denominator for merit in score.merits]
    merits += [MIDDLE] * (MERITS - len(merits))
    written = "".join(f"{merit:0{WIDTH}d}" for merit in merits)
    created_on = score.demand.issue.created_on or date.max
    return f"0{written}{created_on:%Y%m%d}{key}"
