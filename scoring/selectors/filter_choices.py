"""What the list can be narrowed to: what there is among the scores and accounts now."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet

from intake.domain.product import read_product
from portal.models import Account, Health, User
from portal.selectors.accounts import visible_accounts
from scoring.models import IssueScore

Choices = tuple[tuple[str, str], ...]  # value in the address, words on the page


@dataclass(frozen=True, slots=True)
class FilterChoices:
    areas: Choices
    groups: Choices
    types: Choices
    healths: Choices
    segments: Choices
    tams: Choices


def read_filter_choices(reader: User) -> FilterChoices:
    """Four queries; of accounts only what the reader's own show."""
    kinds = set(IssueScore.objects.values_list("group", "type").order_by().distinct())
    accounts = visible_accounts(reader).order_by()
    segments = set(accounts.values_list("segment", flat=True).distinct())
    return FilterChoices(
        areas=list_areas(),
        groups=_name({group for group, _ in kinds}),
        types=_name({kind for _, kind in kinds}),
        healths=tuple((value, label) for value, label in Health.choices),
        segments=_name(segments),
        tams=_list_tams(accounts),
    )


def list_areas() -> Choices:
    """By the product file's order; nothing when it cannot be read, as `doctor` tells then."""
    try:
        areas = read_product(settings.PRODUCT_FILE).areas
    except (OSError, ValueError):
        return ()
    return tuple((key, area.title) for key, area in areas.items())


def _name(values: Iterable[str]) -> Choices:
    return tuple((value, value) for value in sorted(values, key=str.casefold) if value)


def _list_tams(accounts: "QuerySet[Account]") -> Choices:
    """People by their key; who is known to Salesforce alone by name."""
    known = User.objects.filter(pk__in=accounts.filter(tam__isnull=False).values("tam"))
    people = {
        str(pk): name or email for pk, name, email in known.values_list("pk", "name", "email")
    }
    named = accounts.filter(tam=None).exclude(tam_name="")
    names = set(named.values_list("tam_name", flat=True).distinct())
    tams = people | {name: name for name in names if name not in people}
    return tuple(sorted(tams.items(), key=lambda tam: tam[1].casefold()))
