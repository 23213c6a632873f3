"""What each theme is worth."""

from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from scoring.selectors.newest_run import read_newest_run
from scoring.selectors.theme_sums import ThemeSums, read_theme_sums
from scoring.views.amounts import write_amount, write_share
from scoring.views.staff_only import StaffRequest, staff_only


@dataclass(frozen=True, slots=True)
class ShownTheme:
    """`retain` and `expand` in percent of the longest bar, which is the greatest combined sum."""

    sums: ThemeSums
    address: str
    retention: str
    growth: str
    combined: str
    priority: str
    retain: int
    expand: int


@require_GET
@staff_only
def themes(request: StaffRequest) -> HttpResponse:
    sums, run = read_theme_sums(), read_newest_run()
    longest = max((one.retention + one.growth for one in sums), default=Decimal())
    context = {
        "rows": [_draw(one, longest) for one in sums],
        "run": run,
        "is_late": run is not None and run.is_late(timezone.now()),
    }
    return render(request, "scoring/themes.html", context)


def _draw(sums: ThemeSums, longest: Decimal) -> ShownTheme:
    return ShownTheme(
        sums=sums,
        address=f"{reverse('scoring:issues')}?{urlencode({'theme': sums.theme})}",
        retention=write_amount(sums.retention),
        growth=write_amount(sums.growth),
        combined=write_amount(sums.retention + sums.growth),
        priority=write_amount(sums.priority),
        retain=write_share(sums.retention, longest),
        expand=write_share(sums.growth, longest),
    )
