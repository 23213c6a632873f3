"""What if: other weights and sizes, and where the ranking would go. Nothing is saved."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from scoring.domain.delay_order import compare_orders
from scoring.domain.weights import Weights
from scoring.domain.what_if import Question
from scoring.forms.what_if import WhatIfForm
from scoring.selectors.weights import read_weights_in_force
from scoring.selectors.what_if import Choice, Row, keep_real_changes, read_what_if
from scoring.views.staff_only import StaffRequest, staff_only


@dataclass(frozen=True, slots=True)
class Cell:
    """One size of one issue: what stands in its field, and what is wrong with it."""

    name: str
    shown: str
    errors: tuple[str, ...]
    is_supposed: bool


@dataclass(frozen=True, slots=True)
class Line:
    row: Row
    weight: Cell
    weeks: Cell

    @property
    def is_supposed(self) -> bool:
        return self.weight.is_supposed or self.weeks.is_supposed


@staff_only
@require_safe
def what_if(request: StaffRequest) -> HttpResponse:
    """The address holds what is supposed; a longer one that says the same is made short."""
    in_force = read_weights_in_force().weights
    form = WhatIfForm(request.GET, weights=in_force)
    question = Question(in_force)
    if form.is_valid():
        question = keep_real_changes(form.read_question())
        address = form.address(question)
        if address != request.GET.urlencode():
            where = reverse("scoring:what_if")
            return redirect(f"{where}?{address}" if address else where)
    return render(request, "scoring/what_if.html", _answer(form, question, in_force))


def _answer(form: WhatIfForm, question: Question, in_force: Weights) -> dict[str, Any]:
    """What the page shows. Of a form with faults, the fields that have none still count."""
    answered = form.cleaned_data
    result = read_what_if(
        question,
        in_force,
        choice=Choice(answered.get("show") or Choice.TOP),
        text=answered.get("text", ""),
        named=form.named_issues(),
        today=timezone.localdate(),
    )
    return {
        "form": form,
        "result": result,
        "lines": list(_make_lines(result.rows, form)),
        "is_asked": question != Question(in_force),
        "is_other_model": question.weights.model != in_force.model,
        "changes": form.list_changes(question),
        "orders": compare_orders(answered["jobs"]) if answered.get("jobs") else None,
        "opportunity": form.score_opportunity(),
    }


def _make_lines(rows: Iterable[Row], form: WhatIfForm) -> Iterator[Line]:
    for row in rows:
        weight, weeks = row.supposed.weight, row.supposed.duration_weeks
        yield Line(
            row,
            _make_cell(form, f"weight.{row.pk}", row.weight, weight),
            _make_cell(form, f"weeks.{row.pk}", row.weeks, weeks),
        )


def _make_cell(form: WhatIfForm, name: str, actual: object, supposed: object) -> Cell:
    own = actual if supposed is None else supposed
    typed = form.data.get(name) or ("" if own is None else str(own))
    errors = tuple(str(error) for error in form.errors.get(name) or ())
    return Cell(name, typed, errors, supposed is not None)
