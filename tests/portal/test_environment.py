"""Every wrong value in the environment is one sentence that names its variable."""

import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from pytest_django.fixtures import Settings

SETTINGS = str(Path(__file__).resolve().parents[2] / "portal" / "settings.py")
BEGIN = "-----BEGIN PRIVATE KEY-----"


@pytest.fixture
def read_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """The settings module as a process with just these variables would read it."""

    def read(**variables: str) -> dict[str, Any]:
        monkeypatch.setattr("os.environ", {"STATE_DIR": str(tmp_path), **variables})
        return runpy.run_path(SETTINGS)

    return read


WRONG = [
    ("DEBUG", "perhaps"),
    ("PORTAL_SANDBOX", "2"),
    ("STATE_DIR", "/proc/nothing/here"),
    ("SITE_URL", "portal.example"),
    ("SITE_URL", "ftp://portal.example"),
    ("SITE_URL", "https://portal.example/requests"),
    ("SITE_URL", "https://u:hunter2@portal.example"),
    ("SITE_URL", "https://portal.example:notaport"),
    ("SITE_URL", "https://portal.example:99999"),
    ("SITE_URL", "https://[::1"),
    ("SITE_URL", "https://portal example"),
    ("TIME_ZONE", "Mars/Olympus"),
    ("TIME_ZONE", "../../etc/passwd"),
    ("DATABASE_URL", "nonsense"),
    ("DATABASE_URL", "postgras://u:hunter2@h/n"),
    ("DATABASE_URL", "postgres://u:hunter2@h:port/n"),
    ("DATABASE_URL", "postgres://u:hunter2@h"),
    ("DATABASE_URL", "mysql://u:hunter2@h/n"),
    ("REDIS_URL", "localhost:6379"),
    ("REDIS_URL", "http://localhost"),
    ("REDIS_URL", "redis://"),
    ("REDIS_URL", "redis://h:notaport"),
    ("EMAIL_URL", "mail.example"),
    ("EMAIL_URL", "pigeon://coop"),
    ("EMAIL_URL", "smtp://"),
    ("EMAIL_URL", "smtp://u:hunter2@h:port"),
    ("DEFAULT_FROM_EMAIL", "requests"),
    ("OPERATOR_EMAILS", "ops@x.example, somebody"),
    ("GITLAB_URL", "git.example"),
    ("GITLAB_NOTES", "public"),
    ("GITLAB_CA_FILE", "/nowhere/ca.pem"),
    ("CREATE_UNMATCHED_ISSUES", "sometimes"),
    ("SALESFORCE_DOMAIN", "https://acme.my.salesforce.com"),
    ("SALESFORCE_DOMAIN", "acme.my.salesforce.com"),
    ("SALESFORCE_HOSTS", "https://acme.my.salesforce.com"),
    ("SALESFORCE_HOSTS", "acme.my.salesforce.com, evil host"),
    ("SALESFORCE_PRIVATE_KEY", "/nowhere/key.pem"),
    ("SALESFORCE_PRIVATE_KEY", "hunter2"),
    ("SALESFORCE_PRIVATE_KEY", "/etc/hostname"),
    ("SALESFORCE_ENDPOINT", "http://127.0.0.1:9"),
    ("SALESFORCE_FIELD_ARR", "ARR of the account"),
    ("SALESFORCE_FIELD_SEATS", "Seats__c FROM Account"),
    ("WRITE_DEADLINE_SECONDS", "soon"),
    ("WRITE_DEADLINE_SECONDS", "0"),
    ("WRITE_DEADLINE_SECONDS", "-1"),
    ("WRITE_DEADLINE_SECONDS", "1e3"),
    ("WRITE_DEADLINE_SECONDS", "9" * 5000),
    ("LATE_WRITE_SECONDS", "0.5"),
    ("SUPPORT_URL", "javascript:alert(1)"),
    ("DOCS_URL", "docs"),
    ("TRUSTED_PROXIES", "many"),
    ("TLS_ENDS_AT_PROXY", "maybe"),
    ("LOG_LEVEL", "chatty"),
    ("STAFF_SIGN_IN", "weak"),
    ("STAFF_SIGN_IN", "code"),
    ("STAFF_SESSION_HOURS", "0"),
    ("OIDC_PROVIDERS", "Our GitLab"),
    ("OIDC_PROVIDERS", "gitlab,okta,gitlab"),
    ("SAML_METADATA_URL", "http://login.example/metadata"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_one_sentence_naming_its_variable(
    read_settings: Any, name: str, value: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        read_settings(**{name: value})
    sentence = str(caught.value)
    assert sentence.startswith(name)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "hunter2" not in sentence
    assert len(re.findall(r"\.\s+[A-Z]", sentence)) == 0
    assert "hunter2" not in str(caught.value.__cause__)


def test_nothing_set_at_all_runs(read_settings: Any, tmp_path: Path) -> None:
    read = read_settings()
    assert read["DEBUG"] is False
    assert read["PORTAL_SANDBOX"] is False
    assert read["ALLOWED_HOSTS"] == ["127.0.0.1"]
    assert read["DATABASES"]["default"]["NAME"] == f"{tmp_path}/portal.sqlite3"
    assert (read["SESSION_COOKIE_NAME"], read["SECURE_HSTS_SECONDS"]) == ("session", 0)


@pytest.mark.parametrize("name", sorted({name for name, _ in WRONG} - {"STATE_DIR"}))
def test_set_to_nothing_is_not_set(read_settings: Any, name: str) -> None:
    unset, empty = read_settings(), read_settings(**{name: "  "})
    own = {name, "SALESFORCE_FIELDS"}  # a field that is set to nothing is not kept
    for setting in unset:
        if setting.isupper() and setting not in own:
            assert unset[setting] == empty[setting], setting


def test_a_secret_may_begin_with_a_dollar(read_settings: Any) -> None:
    assert read_settings(SECRET_KEY="$ecret", GITLAB_TOKEN="$x")["SECRET_KEY"] == "$ecret"


def test_https_closes_the_cookies(read_settings: Any) -> None:
    read = read_settings(SITE_URL="HTTPS://portal.example/")
    assert read["SITE_URL"] == "https://portal.example"
    assert read["SESSION_COOKIE_NAME"] == "__Host-session"
    assert read["SESSION_COOKIE_SECURE"] is read["CSRF_COOKIE_SECURE"] is True
    assert read["SECURE_SSL_REDIRECT"] is True
    assert read["SECURE_HSTS_SECONDS"] > 0


SANDBOX = {"PORTAL_SANDBOX": "1"}


@pytest.mark.parametrize(
    ("variables", "blamed"),
    [
        (SANDBOX | {"SITE_URL": "https://portal.example"}, "PORTAL_SANDBOX"),
        (SANDBOX | {"SITE_URL": "http://127.0.0.1.evil.example"}, "PORTAL_SANDBOX"),
        (SANDBOX | {"GITLAB_URL": "https://gitlab.com"}, "GITLAB_URL"),
        (SANDBOX | {"SALESFORCE_ENDPOINT": "http://10.0.0.1"}, "SALESFORCE_ENDPOINT"),
        (SANDBOX | {"SALESFORCE_ENDPOINT": "http://127.0.0.1@evil.example"}, "SALESFORCE_ENDPOINT"),
        ({"SALESFORCE_ENDPOINT": "http://localhost:1"}, "PORTAL_SANDBOX"),
    ],
)
def test_the_sandbox_stays_on_this_machine(
    read_settings: Any, variables: dict[str, str], blamed: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=blamed):
        read_settings(**variables)


def test_the_sandbox_on_loopback(read_settings: Any) -> None:
    read = read_settings(
        **SANDBOX,
        SITE_URL="http://localhost:8001",
        GITLAB_URL="http://127.0.0.1:7001",
        SALESFORCE_ENDPOINT="http://[::1]:7002/",
    )
    assert read["SALESFORCE_ENDPOINT"] == "http://[::1]:7002"


def test_gitlab_below_a_path_and_a_field_that_is_not_kept(read_settings: Any) -> None:
    read = read_settings(
        GITLAB_URL="https://git.example/gitlab/",
        SALESFORCE_DOMAIN="Acme.my",
        SALESFORCE_FIELD_SEATS="",
        SALESFORCE_PRIVATE_KEY=f"{BEGIN}\\nabc",
    )
    assert read["GITLAB_URL"] == "https://git.example/gitlab"
    assert read["SALESFORCE_HOSTS"] == ["acme.my.salesforce.com", "acme.lightning.force.com"]
    assert read["SALESFORCE_FIELDS"]["seats"] == ""
    assert read["SALESFORCE_PRIVATE_KEY"] == f"{BEGIN}\nabc"


def test_mail_to_files_by_a_path_from_the_root(read_settings: Any) -> None:
    for url in ("filemail:///tmp/mail", "filemail:////tmp/mail"):
        assert read_settings(EMAIL_URL=url)["EMAIL_FILE_PATH"] == "/tmp/mail"


def test_a_key_from_a_file(read_settings: Any, tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.write_text(f"{BEGIN}\nabc\n")
    assert read_settings(SALESFORCE_PRIVATE_KEY=str(key))["SALESFORCE_PRIVATE_KEY"].startswith(
        BEGIN
    )


GITLAB_SIGN_IN = {
    "OIDC_PROVIDERS": "git-lab",
    "OIDC_GIT_LAB_URL": "https://gitlab.example/",
    "OIDC_GIT_LAB_CLIENT_ID": "portal",
    "OIDC_GIT_LAB_CLIENT_SECRET": "hunter2",
}


def test_a_company_sign_in_is_four_variables(read_settings: Any) -> None:
    read = read_settings(**GITLAB_SIGN_IN, OIDC_GIT_LAB_DOMAINS="Larkfield.example")
    (app,) = read["SOCIALACCOUNT_PROVIDERS"]["openid_connect"]["APPS"]
    assert (app["provider_id"], app["name"], app["secret"]) == ("git-lab", "Git-lab", "hunter2")
    assert app["settings"]["server_url"] == "https://gitlab.example"
    assert app["settings"]["oauth_pkce_enabled"] is True
    assert app["settings"]["verified_email"] == ["larkfield.example"]
    assert read["COMPANY_SIGN_IN_ORIGINS"] == ["https://gitlab.example"]


@pytest.mark.parametrize("name", ["URL", "CLIENT_ID", "CLIENT_SECRET"])
def test_a_company_sign_in_that_lacks_one_says_which(read_settings: Any, name: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"OIDC_GIT_LAB_{name} must be set"):
        read_settings(**GITLAB_SIGN_IN | {f"OIDC_GIT_LAB_{name}": " "})


def test_a_company_sign_in_is_encrypted_on_the_way(read_settings: Any) -> None:
    plain = GITLAB_SIGN_IN | {"OIDC_GIT_LAB_URL": "http://127.0.0.1:9"}
    with pytest.raises(ImproperlyConfigured, match="OIDC_GIT_LAB_URL must begin with https"):
        read_settings(**plain)
    assert read_settings(**plain, **SANDBOX)["OIDC_APPS"]


SAML = {"SAML_METADATA_URL": "https://login.example/meta", "SAML_ENTITY_ID": "urn:login"}


def test_saml_says_what_it_lacks(read_settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match="SAML_ENTITY_ID must be set"):
        read_settings(SAML_METADATA_URL=SAML["SAML_METADATA_URL"])
    look = "portal.environment.company_sign_in.find_spec"
    monkeypatch.setattr(look, lambda name: None)
    with pytest.raises(ImproperlyConfigured, match="needs the extra"):
        read_settings(**SAML)
    monkeypatch.setattr(look, lambda name: name)
    read = read_settings(**SAML)
    assert "allauth.socialaccount.providers.saml" in read["INSTALLED_APPS"]
    assert read["COMPANY_SIGN_IN_ORIGINS"] == ["https://login.example"]


def find_checks(tags: list[str] | None = None) -> set[str]:
    return {f"{found.id} {found.msg}" for found in run_checks(tags=tags)}


@pytest.mark.parametrize(
    "command",
    [
        ["manage.py", "check"],
        ["-c", "import portal.wsgi"],
        ["-m", "celery", "-A", "portal", "worker", "--pool", "solo"],
        ["-m", "celery", "-A", "portal", "beat"],
    ],
)
def test_nothing_starts_without_a_key(command: list[str], tmp_path: Path) -> None:
    started = subprocess.run(
        [sys.executable, *command],
        cwd=Path(SETTINGS).parents[1],
        env={"STATE_DIR": str(tmp_path), "PATH": "", "REDIS_URL": "redis://127.0.0.1:9"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert started.returncode != 0
    assert "SECRET_KEY" in started.stderr


def test_checks_name_a_short_key(settings: Settings) -> None:
    settings.SECRET_KEY = "short"
    assert "portal.W005 SECRET_KEY is too short to be safe." in find_checks()
    settings.SECRET_KEY = "x" * 50
    assert not any("SECRET_KEY" in found for found in find_checks())


def test_checks_for_the_doctor(settings: Settings) -> None:
    settings.SITE_URL, settings.IS_SECURE = "http://portal.example", False
    settings.GITLAB_URL = "http://git.example"
    settings.DEBUG = True
    found = find_checks(["doctor"])
    assert "portal.W003 SITE_URL is not https." in found
    assert "portal.W003 GITLAB_URL is not https." in found
    assert "portal.W004 DEBUG is on for a site that others reach." in found


def test_checks_name_files_that_cannot_be_read(settings: Settings, tmp_path: Path) -> None:
    holidays = tmp_path / "holidays.txt"
    holidays.write_text("2026-12-25  # Christmas\n\nBoxing Day\n")
    settings.HOLIDAYS_FILE = str(holidays)
    product = tmp_path / "product.yaml"
    product.write_text("areas: [one, two]\n")
    settings.PRODUCT_FILE = product
    found = find_checks()
    assert any("HOLIDAYS_FILE" in words and "line 3" in words for words in found)
    assert any("PRODUCT_FILE" in words for words in found)
