"""What the requests of a customer's organisation count beside each other."""

from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import JSONField, Subquery

from intake.domain.points_pool import PoolAsk, tell_pool
from intake.domain.vocabulary import Intent
from intake.models import CrosswalkVersion
from intake.selectors.visibility import visible_submissions
from portal.models import Role, User
from portal.selectors.accounts import keys_of_own_accounts


def tell_pools(user: User) -> tuple[str, ...]:
    """One sentence for each account of the customer, in one query; none for staff.

    Of what the reader may see anyway: requests joined with an open issue, and the answers given
    on the form. What staff set by hand, links found in GitLab and money stay out of it, and
    winning something new is weighed elsewhere.
    """
    if user.role != Role.CUSTOMER:
        return ()
    table = CrosswalkVersion.objects.order_by("-number").values("table")[:1]
    asks = (
        visible_submissions(user)
        .open()
        .exclude(intent=Intent.EXPAND)
        .filter(
            link__account__in=keys_of_own_accounts(user),
            link__issue__is_closed=False,
            link__issue__is_gone=False,
        )
        .annotate(table=Subquery(table, output_field=JSONField()))
        .order_by("link__account__name", "link__account")
        .values_list(
            "link__account", "link__account__name", "link", "urgency", "submitter", "table"
        )
    )
    pools = [list(rows) for _, rows in groupby(asks, key=itemgetter(0))]
    sentences = (_tell(rows, user, is_one_of_several=len(pools) > 1) for rows in pools)
    return tuple(sentence for sentence in sentences if sentence)


def _tell(rows: list[Any], user: User, *, is_one_of_several: bool) -> str:
    _, name, *_, table = rows[0]
    return tell_pool(
        (PoolAsk(link, urgency, sender == user.pk) for _, _, link, urgency, sender, _ in rows),
        {urgency: meaning["points"] for urgency, meaning in table.items()},
        account=name if is_one_of_several else "",
    )
