"""Which stored scores other multipliers change, and to what; nobody's links are read again."""

from collections.abc import Mapping
from datetime import date

from portal.models import Account, Opportunity
from scoring.domain.moves import Place
from scoring.domain.other_multipliers import find_other_factors, is_touched, price
from scoring.domain.records import Account as ScoredAccount
from scoring.domain.records import Health, Key
from scoring.domain.records import Opportunity as ScoredOpportunity
from scoring.domain.weights import Weights
from scoring.domain.what_if import Question, Supposed, suppose
from scoring.models import ScoreParts
from scoring.selectors.sizes import read_sized


def read_repriced(
    places: Mapping[Key, Place], question: Question, in_force: Weights, *, today: date
) -> dict[Key, Place]:
    """The places of the issues whose score another multiplier or a supposed weight changes.

    Their ranks are yet to be found.
    """
    factors = find_other_factors(
        _read_accounts(), _read_opportunities(), in_force, question.weights, today=today
    )
    rows = ScoreParts.objects.values_list("pk", "parts").iterator(chunk_size=2000)
    touched = {
        pk: parts
        for pk, parts in rows
        if parts and pk in places and (pk in question.issues or is_touched(parts, factors))
    }
    sized = read_sized(touched)
    return {
        pk: price(
            suppose(sized[pk], question.issues.get(pk, Supposed())), places[pk], parts, factors
        )
        for pk, parts in touched.items()
        if pk in sized
    }


def _read_accounts() -> list[ScoredAccount]:
    rows = Account.objects.order_by().values_list("pk", "health", "renewal_on")
    return [ScoredAccount(pk, health=Health(health), renewal_on=day) for pk, health, day in rows]


def _read_opportunities() -> list[ScoredOpportunity]:
    rows = Opportunity.objects.open().order_by().values_list("pk", "probability", "closes_on")
    return [ScoredOpportunity(pk, 0, probability=chance, closes_on=day) for pk, chance, day in rows]
