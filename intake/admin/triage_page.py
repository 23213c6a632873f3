"""One request for triage: the customer's words beside the candidates, and every act."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.template.response import TemplateResponse

from intake.admin.acts import ACTS
from intake.admin.look import look_as
from intake.admin.note_preview import preview_note
from intake.forms.triage import ActForm
from intake.models import Submission
from intake.selectors.account_glance import glance_at_accounts
from intake.selectors.candidate_glance import describe_issues
from intake.selectors.issue_search import find_accounts, find_issues, hint_at_account
from intake.selectors.triage_page import read_triage_page
from portal.models import User

if TYPE_CHECKING:
    from intake.admin.queue import SubmissionAdmin


def show_request(
    page: "SubmissionAdmin",
    request: HttpRequest,
    submission: Submission,
    *,
    tried: str = "",
    form: ActForm | None = None,
) -> TemplateResponse:
    """The page. After an act that failed, its form keeps what was typed."""
    look = look_as(request)
    issue_words = request.GET.get("issue", "")[:500]
    account_words = request.GET.get("account", "")[:200]
    accounts = find_accounts(account_words, reader=look.user)
    glances = glance_at_accounts(accounts)
    context: dict[str, Any] = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "title": f"{submission.reference} {submission.summary}",
        "submission": submission,
        "page": read_triage_page(submission, look),
        "note": preview_note(submission),
        "forms": make_forms(submission, look.user, tried, form),
        "tried": tried,
        "issue_words": issue_words,
        "found_issues": describe_issues(find_issues(issue_words)),
        "account_words": account_words,
        "account_hint": hint_at_account(account_words),
        "found_accounts": [glances[account.pk] for account in accounts],
        "now": look.now,
    }
    request.current_app = page.admin_site.name
    return TemplateResponse(request, "admin/intake/submission/triage.html", context)


def make_forms(
    submission: Submission, by: User, tried: str, form: ActForm | None
) -> dict[str, ActForm]:
    """A form for each act; ids differ so that labels find their field."""
    forms = {
        name: act.form(submission=submission, by=by, auto_id=f"id_{name}_%s")
        for name, act in ACTS.items()
    }
    return {**forms, tried: form} if form else forms
