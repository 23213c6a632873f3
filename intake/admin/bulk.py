"""Acts on several requests at once; each is refused or done for itself."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse

from intake.actions import triage
from intake.actions.refusals import Refusal
from intake.forms.triage import BulkWordsForm
from intake.models import Issue, Submission
from intake.selectors.candidate_glance import find_best_candidates
from intake.selectors.visibility import triaged_submissions
from portal.admin.roles import person_of
from portal.models import User

if TYPE_CHECKING:
    from intake.admin.queue import SubmissionAdmin

MOST_AT_ONCE = 100


@admin.action(description="Join each with its best candidate", permissions=["change"])
def join_best(
    page: "SubmissionAdmin", request: HttpRequest, queryset: QuerySet[Submission]
) -> None:
    chosen = _read_chosen(request)
    best = find_best_candidates(row.pk for row in chosen)
    issues = Issue.objects.in_bulk([found[0].issue.id for found in best.values()])
    without = [row for row in chosen if row.pk not in best]
    _run_each(
        request,
        [row for row in chosen if row.pk in best],
        lambda row, by: triage.join(row, issue=issues[best[row.pk][0].issue.id], by=by),
        "joined",
    )
    for row in without:
        messages.warning(request, f"{row.reference}: there is no candidate to join.")


@admin.action(description="Not planned, with one reason for all…", permissions=["change"])
def decline_all(
    page: "SubmissionAdmin", request: HttpRequest, queryset: QuerySet[Submission]
) -> TemplateResponse | None:
    return _with_words(
        page,
        request,
        lambda text: lambda row, by: triage.decline(row, text, by=by),
        {
            "action": "decline_all",
            "title": "Not planned",
            "done": "decided: not planned",
            "label": "The reason, as every one of these customers reads it",
        },
    )


@admin.action(description="Ask the customers one question…", permissions=["change"])
def ask_all(
    page: "SubmissionAdmin", request: HttpRequest, queryset: QuerySet[Submission]
) -> TemplateResponse | None:
    return _with_words(
        page,
        request,
        lambda text: lambda row, by: triage.ask(row, text, by=by),
        {
            "action": "ask_all",
            "title": "Ask the customers",
            "done": "asked",
            "label": "Your question, as every one of these customers reads it",
        },
    )


def _read_chosen(request: HttpRequest) -> list[Submission]:
    """By the boxes ticked, not by the view: a row decided meanwhile gets its own answer."""
    ticked = [pk for pk in request.POST.getlist(ACTION_CHECKBOX_NAME) if pk.isdigit()]
    if len(ticked) > MOST_AT_ONCE:
        messages.error(request, f"Choose at most {MOST_AT_ONCE} requests at once.")
        return []
    return list(triaged_submissions(person_of(request)).filter(pk__in=ticked).order_by("pk"))


def _with_words(
    page: "SubmissionAdmin",
    request: HttpRequest,
    make_run: Callable[[str], Callable[[Submission, User], None]],
    words: dict[str, str],
) -> TemplateResponse | None:
    """Asks for the text on a page of its own; done when it comes back filled in."""
    chosen = _read_chosen(request)
    form = BulkWordsForm(request.POST if "text" in request.POST else None)
    form.fields["text"].label = words["label"]
    if form.is_valid():
        _run_each(request, chosen, make_run(form.cleaned_data["text"]), words["done"])
        return None
    if not chosen:
        return None
    context: dict[str, Any] = {
        **page.admin_site.each_context(request),
        **words,
        "opts": page.opts,
        "chosen": chosen,
        "form": form,
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    request.current_app = page.admin_site.name
    return TemplateResponse(request, "admin/intake/submission/words.html", context)


def _run_each(
    request: HttpRequest,
    chosen: list[Submission],
    run: Callable[[Submission, User], None],
    done: str,
) -> None:
    count = 0
    for row in chosen:
        try:
            run(row, person_of(request))
            count += 1
        except Refusal as refusal:
            messages.error(request, f"{row.reference}: {refusal}")
    if count:
        messages.success(request, f"{count} {done}.")
