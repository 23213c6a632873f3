"""The doctor: what works, what does not, what to do about it, and never a secret."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django.fixtures import Settings

from portal.doctor import registry
from portal.doctor.registry import Finding, Health, broken, fine, run_tries, tries
from portal.gateways.gitlab import GitLabGateway
from portal.gateways.salesforce import SalesforceGateway
from portal.models import Door, Job
from portal.sandbox.client import Fault, Sandbox

pytestmark = pytest.mark.django_db


def examine(subject: str) -> list[Finding]:
    return [finding for _, finding in run_tries([subject])]


def describe(subject: str) -> str:
    return "\n".join(
        f"{found.health}: {found.what} {found.advice}".rstrip() for found in examine(subject)
    )


@pytest.fixture
def own_try() -> Iterator[str]:
    """A subject of the test's own, forgotten afterwards."""
    yield "Test"
    registry._tries.pop("Test", None)


# --- the report -----------------------------------------------------------------------------


def run_doctor(**options: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("doctor", stdout=out, **options)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


@pytest.mark.parametrize(
    ("finding", "status", "last_line"),
    [
        (fine("It runs."), 0, "Everything works."),
        (registry.look("It is old.", "Renew it."), 0, "Everything works; 1 of 1 deserve a look."),
        (broken("It is gone.", "Fetch it."), 1, "1 of 1 do not work."),
    ],
)
def test_the_exit_status_says_whether_all_works(
    own_try: str, finding: Finding, status: int, last_line: str
) -> None:
    tries(own_try)(lambda: [finding])
    code, told = run_doctor(only=own_try)
    assert code == status
    assert told.splitlines()[0].startswith(f"{finding.health:<6}  Test: {finding.what}")
    assert finding.advice in told
    assert told.splitlines()[-1] == last_line


def test_a_subject_that_nobody_tries_is_named() -> None:
    with pytest.raises(CommandError, match=r"There is no 'Weather'; there are: Settings, Database"):
        call_command("doctor", only="Weather")


def test_one_try_that_breaks_stops_no_other(own_try: str) -> None:
    @tries(own_try)
    def break_down() -> Iterable[Finding]:
        raise RuntimeError("the lamp is off")

    tries(own_try)(lambda: [fine("It runs.")])
    assert [found.health for found in examine(own_try)] == [Health.BROKEN, Health.FINE]
    assert "RuntimeError: the lamp is off" in describe(own_try)


def test_no_secret_is_repeated(own_try: str, settings: Settings) -> None:
    settings.GITLAB_TOKEN = "glpat-abcdef"
    settings.REDIS_URL = "redis://:hunter22@127.0.0.1/0"
    settings.SECRET_KEY = "the long key of this site"
    leak = "glpat-abcdef hunter22 the long key of this site"
    tries(own_try)(lambda: [broken(f"It said {leak}", f"Do not say {leak}")])
    told = describe(own_try)
    assert told.count("…") == 6
    assert not any(part in told for part in ("glpat", "hunter22", "long key"))


def test_nothing_set_up_is_told_without_a_traceback(settings: Settings) -> None:
    settings.GITLAB_URL = settings.GITLAB_TOKEN = settings.SALESFORCE_CONSUMER_KEY = ""
    code, told = run_doctor()
    assert code == 1
    assert "GITLAB_URL and GITLAB_TOKEN are needed" in told
    assert "SALESFORCE_CONSUMER_KEY is needed" in told
    assert "Traceback" not in told


# --- GitLab ---------------------------------------------------------------------------------


def test_a_good_token_is_fine(gitlab: GitLabGateway, settings: Settings) -> None:
    settings.GITLAB_WEBHOOK_SECRET = "whsec"
    told = examine("GitLab")
    assert {found.health for found in told} == {Health.FINE}
    assert "Project larkfield/platform (public): maintainer, notes are internal." in describe(
        "GitLab"
    )


@pytest.mark.parametrize(
    ("token", "health", "words"),
    [
        ("readonly-token", Health.BROKEN, "may not write (scopes: read_api)"),
        ("guest-token", Health.LOOK, "notes hold only the account's link"),
        ("expired-token", Health.BROKEN, ""),
    ],
)
def test_a_token_that_may_too_little(
    gitlab: GitLabGateway, settings: Settings, token: str, health: Health, words: str
) -> None:
    settings.GITLAB_TOKEN = token
    found = [one for one in examine("GitLab") if one.health == health and words in one.what]
    assert found
    assert found[0].advice


def test_a_token_that_ends_within_a_month_deserves_a_look(
    gitlab: GitLabGateway, sandbox: Sandbox, settings: Settings
) -> None:
    soon = timezone.localdate() + timedelta(days=20)
    sandbox.seed(
        {
            "tokens": [
                {
                    "token": "ending",
                    "user_id": 9001,
                    "scopes": ["api"],
                    "expires_on": soon.isoformat(),
                    "role": 40,
                }
            ]
        }
    )
    settings.GITLAB_TOKEN = "ending"
    assert f"look: The token works until {soon:%d %B %Y}, 20 days from now." in describe("GitLab")


def test_a_project_that_is_hidden_is_named(gitlab: GitLabGateway, settings: Settings) -> None:
    settings.GITLAB_PROJECTS = ["larkfield/platform", "larkfield/nowhere"]
    assert "broken: Project larkfield/nowhere is not there, or hidden" in describe("GitLab")


def test_gitlab_away_names_the_setting(
    gitlab: GitLabGateway, sandbox: Sandbox, settings: Settings
) -> None:
    sandbox.add_faults(Fault("503", service="gitlab"))
    told = describe("GitLab")
    assert "broken:" in told
    assert f"Check GITLAB_URL ({settings.GITLAB_URL})" in told


def test_webhooks_without_a_secret_deserve_a_look(
    gitlab: GitLabGateway, settings: Settings
) -> None:
    settings.GITLAB_WEBHOOK_SECRET = ""
    assert "look: Webhooks are refused" in describe("GitLab")


# --- Salesforce -----------------------------------------------------------------------------


def test_salesforce_in_order(salesforce: SalesforceGateway) -> None:
    assert {found.health for found in examine("Salesforce")} == {Health.FINE}


def test_the_corporate_currency_is_named(salesforce: SalesforceGateway) -> None:
    assert "fine: All money is in USD, the organisation's corporate" in describe("Salesforce")


def test_a_single_currency_has_no_name(salesforce: SalesforceGateway, sandbox: Sandbox) -> None:
    sandbox.seed({"salesforce": {"missing_fields": ["CurrencyType"]}})
    assert "fine: All money is in the organisation's single currency." in describe("Salesforce")


def test_a_currency_that_is_not_told_deserves_a_look(
    salesforce: SalesforceGateway, sandbox: Sandbox
) -> None:
    sandbox.seed({"salesforce": {"missing_fields": ["CurrencyType.IsCorporate"]}})
    told = [found for found in examine("Salesforce") if found.health != Health.FINE]
    assert [found.health for found in told] == [Health.LOOK]
    assert "CurrencyType" in told[0].advice


def test_a_field_that_is_not_there_is_one_sentence(
    salesforce: SalesforceGateway, settings: Settings
) -> None:
    settings.SALESFORCE_FIELDS = {**settings.SALESFORCE_FIELDS, "arr": "Revenue__c"}
    told = [found for found in examine("Salesforce") if found.health == Health.BROKEN]
    assert len(told) == 1
    assert 'no field "Revenue__c" on Account' in told[0].what


def test_a_wrong_secret_is_told_and_not_repeated(
    salesforce: SalesforceGateway, settings: Settings
) -> None:
    settings.SALESFORCE_CLIENT_SECRET = "a wrong secret"
    told = describe("Salesforce")
    assert "broken:" in told
    assert "SALESFORCE_CLIENT_SECRET" in told
    assert "a wrong secret" not in told


# --- work, files, tables --------------------------------------------------------------------


def test_no_heartbeat_says_what_to_start() -> None:
    assert "Start one worker" in describe("Worker and beat")


@pytest.mark.parametrize(
    ("ago", "health"), [(timedelta(seconds=5), Health.FINE), (timedelta(minutes=3), Health.BROKEN)]
)
def test_the_heartbeat_is_the_sweep(ago: timedelta, health: Health) -> None:
    Job.objects.create(name="sweep", finished_at=timezone.now() - ago)
    assert [found.health for found in examine("Worker and beat")] == [health]


def test_a_job_in_trouble_and_a_late_one_are_told() -> None:
    now = timezone.now()
    Job.objects.create(name="mirror_issues", finished_at=now, trouble="GitLab is away.")
    Job.objects.create(name="refresh_salesforce", finished_at=now - timedelta(hours=5))
    told = describe("Timetable")
    assert "broken: mirror_issues: GitLab is away." in told
    assert "broken: refresh_salesforce last ended 5 hours ago." in told


def test_a_shut_door_gives_its_reason() -> None:
    Door.objects.create(
        service="gitlab", is_shut=True, reason="Token expired.", changed_at=timezone.now()
    )
    assert "gitlab has refused us since" in describe("Outside services")
    assert "Token expired." in describe("Outside services")


def test_redis_away_names_the_setting(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry.settings, "REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setattr("portal.doctor.work.app.conf.broker_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr("portal.doctor.work.app.conf.broker_write_url", "redis://127.0.0.1:1/0")
    told = describe("Broker")
    assert "broken: Redis does not answer" in told
    assert "Check REDIS_URL" in told


def test_the_database_and_its_cache_table() -> None:
    assert "answers." in describe("Database")
    assert "fine: Every migration is applied." in describe("Database")
    assert [found.health for found in examine("Cache")] == [Health.FINE]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, settings: Settings) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    settings.INDEX_DIR = blocked / "index"
    assert f"broken: INDEX_DIR ({blocked / 'index'}) cannot be written" in describe("Files")


def test_mail_that_reaches_nobody_deserves_a_look(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert "look: Mail goes to the terminal, not to people." in describe("Mail")


def test_a_mail_server_that_does_not_answer(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert "broken: The mail server cannot be used" in describe("Mail")
