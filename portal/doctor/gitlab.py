"""GitLab: the token, every project, the webhook's secret."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone

from portal.doctor.registry import Finding, broken, fine, look, tries
from portal.gateways import connect
from portal.gateways.errors import GatewayError, Misconfigured, Missing
from portal.gateways.gitlab import GitLabGateway
from portal.gateways.records import ProjectRecord

WARN_BEFORE = timedelta(days=30)
ROLES = {10: "guest", 15: "planner", 20: "reporter", 30: "developer", 40: "maintainer", 50: "owner"}
RENEW = (
    "Make a group access token or one of a service account, with scope api, and set GITLAB_TOKEN."
)


@tries("GitLab")
def try_gitlab() -> Iterable[Finding]:
    try:
        gateway = connect.gitlab()
        version = gateway.version()
    except Misconfigured as error:
        yield broken(str(error), RENEW)
        return
    except GatewayError as error:
        yield broken(str(error), f"Check GITLAB_URL ({settings.GITLAB_URL}) and the way there.")
        return
    yield fine(f"{settings.GITLAB_URL} answers (GitLab {version}).")
    yield from judge_token(gateway, today=timezone.localdate())
    for reference in dict.fromkeys([*settings.GITLAB_PROJECTS, settings.GITLAB_NEW_ISSUE_PROJECT]):
        if reference:
            yield from try_project(gateway, reference)


def judge_token(gateway: GitLabGateway, *, today: date) -> Iterable[Finding]:
    token = gateway.token()
    scopes = ", ".join(token.scopes)
    if "api" in token.scopes:
        yield fine(f"The token of {token.username} works (scopes: {scopes}).")
    else:
        yield broken(f"The token of {token.username} may not write (scopes: {scopes}).", RENEW)
    if token.expires_on is None:
        return
    days = (token.expires_on - today).days
    told = f"The token works until {token.expires_on:%d %B %Y}, {days} days from now."
    yield look(told, RENEW) if token.expires_on - today < WARN_BEFORE else fine(told)


def try_project(gateway: GitLabGateway, reference: str) -> Iterable[Finding]:
    try:
        project = gateway.project(int(reference) if reference.isdecimal() else reference)
    except Missing:
        yield broken(
            f"Project {reference} is not there, or hidden from the token.",
            "Check its path or number; make the token's user a member of it.",
        )
    except GatewayError as error:
        yield broken(f"Project {reference}: {error}", "Try again; then check the token's rights.")
    else:
        yield from judge_project(project)


def judge_project(project: ProjectRecord) -> Iterable[Finding]:
    level = project.access_level or 0
    role = ROLES.get(level, f"level {level}" if level else "no role")
    told = f"Project {project.path} ({project.visibility}): {role}"
    notes = settings.GITLAB_NOTES
    if not level:
        yield look(
            f"{told}.",
            "Make the token's user a reporter; a role through a shared group is not seen.",
        )
    elif project.can_write_internal_notes or notes == "link_only":
        yield fine(f"{told}, notes are {'links only' if notes == 'link_only' else 'internal'}.")
    elif notes == "internal":
        yield broken(f"{told}; internal notes need reporter.", "Give the token's user that role.")
    else:
        yield look(
            f"{told}; internal notes need reporter, so notes hold only the account's link.",
            "Give the token's user the role reporter.",
        )


@tries("GitLab")
def try_webhook_secret() -> Iterable[Finding]:
    if settings.GITLAB_WEBHOOK_SECRET:
        yield fine("The webhook's secret is set.")
    else:
        yield look(
            "Webhooks are refused, so changes take a minute: GITLAB_WEBHOOK_SECRET is not set.",
            f"Set it here and in GitLab; the address is {settings.SITE_URL}/webhooks/gitlab/.",
        )
