"""What moved between two days, and why. The days stand in the address."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from scoring.selectors.movement import DIRECTIONS, read_movement
from scoring.selectors.movement_days import Days, choose_days
from scoring.views.staff_only import StaffRequest, staff_only

SPANS = ((1, "A day"), (7, "A week"), (30, "A month"), (91, "A quarter"))


@require_GET
@staff_only
def movement(request: StaffRequest) -> HttpResponse:
    days = choose_days(_read_day(request, "from"), _read_day(request, "to"))
    if days is None:
        return render(request, "scoring/movement.html", {"days": None})
    wanted = request.GET.get("direction", "")
    direction = wanted if wanted in DIRECTIONS else ""
    number = _read_number(request.GET.get("page", ""))
    context = {
        "days": days,
        "direction": direction,
        "number": number,
        "page": read_movement(days, reader=request.user, direction=direction, number=number),
        "spans": list(_list_spans(days)),
        "query": f"from={days.before.day.isoformat()}&to={days.after.day.isoformat()}",
    }
    return render(request, "scoring/movement.html", context)


def _list_spans(days: Days) -> list[tuple[str, date, bool]]:
    """Label, first day, and whether it is the one that is shown."""
    starts = [(label, days.after.day - timedelta(days=length)) for length, label in SPANS]
    return [
        (label, start, start == days.before.day) for label, start in starts if start >= days.first
    ]


def _read_day(request: StaffRequest, name: str) -> date | None:
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None


def _read_number(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1
