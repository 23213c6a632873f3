"""Settings, all from the environment; every default runs on one machine with nothing set up.

Production sets at least SECRET_KEY, SITE_URL, DATABASE_URL, REDIS_URL, EMAIL_URL and the
GITLAB_* and SALESFORCE_* variables. `manage.py doctor` says what works and what does not.
"""

from datetime import timedelta
from email.utils import formataddr
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from portal import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR = env.read_folder("STATE_DIR", BASE_DIR / "var")

# --- where the site lives -------------------------------------------------------------------
SECRET_KEY = env.read_text("SECRET_KEY")  # empty: Django refuses the first time it is needed
SECRET_KEY_FALLBACKS = env.read_list("SECRET_KEY_FALLBACKS")  # former ones, still read
DEBUG = env.read_flag("DEBUG")
SITE_URL = env.read_url("SITE_URL", "http://127.0.0.1:8000")
SITE_NAME = env.read_text("SITE_NAME", "Larkfield")
ALLOWED_HOSTS = env.read_list("ALLOWED_HOSTS", [urlsplit(SITE_URL).hostname or ""])
CSRF_TRUSTED_ORIGINS = [SITE_URL]
TIME_ZONE = env.read_time_zone("TIME_ZONE", "UTC")
PORTAL_SANDBOX = env.read_flag("PORTAL_SANDBOX")
if PORTAL_SANDBOX and not env.is_loopback(SITE_URL):
    raise ImproperlyConfigured("PORTAL_SANDBOX=1 needs a SITE_URL on this machine (127.0.0.1).")

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
AUTH_USER_MODEL = "portal.User"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # addresses are unique whatever their case: a constraint
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en-gb"
USE_I18N = False
USE_TZ = True

INSTALLED_APPS = [
    "scoring",
    "intake",
    "portal",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "csp",
    "django_htmx",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",  # above WhiteNoise: its files carry the policy too
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.refuse_huge_bodies",
    "portal.middleware.work_after_answer",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "portal.sign_in.guards.StaffGuard",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.sign_in.guards.FreshGuard",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.middleware.never_cache_signed_in",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.site",
            ],
        },
    }
]
CRISPY_TEMPLATE_PACK = "portal"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["portal"]

# --- database, cache, broker ----------------------------------------------------------------
DATABASES = {"default": env.read_database("DATABASE_URL", f"sqlite:///{STATE_DIR}/portal.sqlite3")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A write lock taken at BEGIN, a write-ahead log and patience: no "database is locked".
    DATABASES["default"] |= {
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}

# Cache and sessions live in the database, so that every page works while Redis is away.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

REDIS_URL = env.read_broker("REDIS_URL", "redis://127.0.0.1:6379/0")
# A path makes a unix socket: unix:///run/redis.sock is what redis-py says, kombu says otherwise.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)

# --- GitLab and Salesforce ------------------------------------------------------------------
GITLAB_URL = env.read_url("GITLAB_URL", with_path=True)
if PORTAL_SANDBOX and GITLAB_URL and not env.is_loopback(GITLAB_URL):
    raise ImproperlyConfigured("PORTAL_SANDBOX=1 needs a GITLAB_URL on this machine (127.0.0.1).")
GITLAB_CA_FILE = env.read_file_name("GITLAB_CA_FILE")  # of a private certificate authority
GITLAB_TOKEN = env.read_text("GITLAB_TOKEN")
GITLAB_PROJECTS = env.read_list("GITLAB_PROJECTS")  # ids or paths to mirror
GITLAB_NEW_ISSUE_PROJECT = env.read_text("GITLAB_NEW_ISSUE_PROJECT")
GITLAB_WEBHOOK_SECRET = env.read_text("GITLAB_WEBHOOK_SECRET")
GITLAB_NOTES = env.read_choice("GITLAB_NOTES", "auto", ("auto", "internal", "link_only"))
CREATE_UNMATCHED_ISSUES = env.read_flag("CREATE_UNMATCHED_ISSUES")  # a rule instead of a TAM
SCORE_LABELS = env.read_flag("SCORE_LABELS")  # off or on: write scores to issues, as labels

SALESFORCE_DOMAIN = env.read_my_domain("SALESFORCE_DOMAIN")  # My Domain, e.g. acme.my
SALESFORCE_USERNAME = env.read_text("SALESFORCE_USERNAME")
SALESFORCE_CONSUMER_KEY = env.read_text("SALESFORCE_CONSUMER_KEY")
SALESFORCE_PRIVATE_KEY = env.read_key("SALESFORCE_PRIVATE_KEY")
SALESFORCE_CLIENT_SECRET = env.read_text("SALESFORCE_CLIENT_SECRET")
SALESFORCE_ENDPOINT = env.read_url("SALESFORCE_ENDPOINT")
if SALESFORCE_ENDPOINT and not (PORTAL_SANDBOX and env.is_loopback(SALESFORCE_ENDPOINT)):
    raise ImproperlyConfigured(
        "SALESFORCE_ENDPOINT is for the sandbox: it needs PORTAL_SANDBOX=1 and a loopback address."
    )
SALESFORCE_HOSTS = env.read_hosts(  # hosts whose account links count
    "SALESFORCE_HOSTS",
    [
        f"{SALESFORCE_DOMAIN}.salesforce.com",
        f"{SALESFORCE_DOMAIN.removesuffix('.my')}.lightning.force.com",
    ]
    if SALESFORCE_DOMAIN
    else [],
)
SALESFORCE_FIELDS = {
    "arr": env.read_field("SALESFORCE_FIELD_ARR", "CARR_This_Account__c"),
    "seats": env.read_field("SALESFORCE_FIELD_SEATS", "Number_of_Licensed_Users__c"),
    "renewal": env.read_field("SALESFORCE_FIELD_RENEWAL", "Next_Renewal_Date__c"),
    "health": env.read_field("SALESFORCE_FIELD_HEALTH", "Account_Health__c"),
    "strategic": env.read_field("SALESFORCE_FIELD_STRATEGIC", "Strategic_Account__c"),
    "tam": env.read_field("SALESFORCE_FIELD_TAM", "Technical_Account_Manager__c"),
    "segment": env.read_field("SALESFORCE_FIELD_SEGMENT", "Segment__c"),
    "net_arr": env.read_field("SALESFORCE_FIELD_NET_ARR", "Net_ARR__c"),
}

# The note protocol: a lease outlives the writing deadline by the longest late write seen.
WRITE_DEADLINE = env.read_seconds("WRITE_DEADLINE_SECONDS", 40, at_most=120)
NOTE_LEASE = WRITE_DEADLINE + env.read_seconds("LATE_WRITE_SECONDS", 80, at_most=3600)

# --- the product and the calendar -----------------------------------------------------------
PRODUCT_FILE = Path(env.read_text("PRODUCT_FILE", str(BASE_DIR / "intake" / "product.yaml")))
HOLIDAYS_FILE = env.read_text("HOLIDAYS_FILE")  # one ISO date a line; empty: weekends only
INDEX_DIR = Path(env.read_text("INDEX_DIR", str(STATE_DIR / "index")))  # and its vectors
EMBEDDING_DIR = Path(env.read_text("EMBEDDING_DIR", str(STATE_DIR / "embedding")))  # the model
ATTACHMENT_DIR = Path(env.read_text("ATTACHMENT_DIR", str(STATE_DIR / "attachments")))
ATTACHMENT_MAX_BYTES = 5 * 1024 * 1024
ATTACHMENT_MAX_COUNT = 5
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
SUPPORT_URL = env.read_url("SUPPORT_URL", "", with_path=True)  # empty: no link is shown
SECURITY_CONTACT = env.read_text("SECURITY_CONTACT", "security@larkfield.example")
DOCS_URL = env.read_url("DOCS_URL", "https://docs.larkfield.example/", with_path=True)
EXTRA_URGENCY = env.read_flag("OFFER_IMPORTANT_TO_CUSTOMERS")

# --- mail -----------------------------------------------------------------------------------
vars().update(env.read_mail("EMAIL_URL", "consolemail://"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.read_address(
    "DEFAULT_FROM_EMAIL", formataddr((f"{SITE_NAME} requests", "requests@localhost"))
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
OPERATOR_EMAILS = env.read_addresses("OPERATOR_EMAILS")  # who hears when a service refuses us

# --- signing in -----------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "portal.sign_in.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_CHANGE_EMAIL = True  # one address a person: a new one replaces it once it is proven
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(SITE_URL).scheme
ACCOUNT_FORMS = {
    "request_login_code": "portal.sign_in.SignInForm",
    "add_email": "portal.sign_in.ChangeAddressForm",
}
ACCOUNT_RATE_LIMITS = {"request_login_code": "30/m/ip,5/m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.read_number("TRUSTED_PROXIES", 0, at_most=9)
MFA_ADAPTER = "portal.sign_in.SecondStepAdapter"
MFA_FORMS = {"add_webauthn": "portal.sign_in.AddKeyForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = f"{SITE_NAME} requests"
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = env.is_loopback(SITE_URL)
FREE_MAIL_FILE = BASE_DIR / "portal" / "free_mail_domains.txt"

# Staff show a second step or come by the company's sign-in. "code", the mailed code alone, is for
# the sandbox.
STAFF_SIGN_IN = env.read_choice("STAFF_SIGN_IN", "strong", ("strong", "code"))
if STAFF_SIGN_IN == "code" and not PORTAL_SANDBOX:
    raise ImproperlyConfigured("STAFF_SIGN_IN=code is for the sandbox: it needs PORTAL_SANDBOX=1.")
STAFF_SESSION = env.read_number("STAFF_SESSION_HOURS", 12, at_least=1, at_most=24) * 3600
OIDC_APPS = env.read_oidc_apps(sandbox=PORTAL_SANDBOX)
SAML_APP = env.read_saml_app(sandbox=PORTAL_SANDBOX)
if SAML_APP:
    INSTALLED_APPS.append("allauth.socialaccount.providers.saml")
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"APPS": OIDC_APPS},
    "saml": {"APPS": [SAML_APP] if SAML_APP else []},
}
SOCIALACCOUNT_ADAPTER = "portal.sign_in.CompanySignInAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"  # the service vouches for the address
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
COMPANY_SIGN_IN_ORIGINS = env.list_origins(
    [app["settings"]["server_url"] for app in OIDC_APPS]
    + ([SAML_APP["settings"]["idp"]["metadata_url"]] if SAML_APP else [])
)

# --- security -------------------------------------------------------------------------------
IS_SECURE = SITE_URL.startswith("https://")
_COOKIE = "__Host-" if IS_SECURE else ""
SESSION_COOKIE_NAME = f"{_COOKIE}session"
CSRF_COOKIE_NAME = f"{_COOKIE}csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_FAILURE_VIEW = "portal.views.csrf_failure"
SECURE_SSL_REDIRECT = IS_SECURE and not env.read_flag("TLS_ENDS_AT_PROXY")
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_SECURE
SECURE_REFERRER_POLICY = "same-origin"
if env.read_flag("TLS_ENDS_AT_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# How often is too often stands in portal/domain/limits.py.
LIMIT_FACTOR = env.read_number("LIMIT_FACTOR", 1, at_least=1, at_most=1000)  # times every limit
SHORTEST_FORM_TIME = timedelta(  # nobody fills in the request form faster; 0: not looked at
    seconds=env.read_number("SHORTEST_FORM_SECONDS", 3, at_most=60)
)

# --- how long what is kept ------------------------------------------------------------------
# The database itself refuses to drop what was recorded within a year.
RETENTION_AUDIT = timedelta(
    days=env.read_number("RETENTION_AUDIT_DAYS", 730, at_least=366, at_most=3660)
)
RETENTION_INVITATIONS = timedelta(  # since they were taken, withdrawn or ran out
    days=env.read_number("RETENTION_INVITATION_DAYS", 90, at_least=1, at_most=3660)
)
RETENTION_STRANGERS = timedelta(  # addresses that were never proven
    days=env.read_number("RETENTION_STRANGER_DAYS", 30, at_least=1, at_most=3660)
)
RETENTION_ATTACHMENTS = timedelta(  # since the last change of a request that ended
    days=env.read_number("RETENTION_ATTACHMENT_DAYS", 365, at_least=1, at_most=3660)
)

# --- static files and logs ------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.read_text("STATIC_ROOT", str(STATE_DIR / "static")))
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False  # ours alone
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    "attachments": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": ATTACHMENT_DIR, "base_url": None, "file_permissions_mode": 0o600},
    },
}
LOG_LEVEL = env.read_choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {"django": {"handlers": [], "propagate": True}},
}
