"""The site's own settings, given what the environment would give; nothing is switched off."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault(
    "SECRET_KEY", "a key for tests only, long enough for every system check of Django"
)
os.environ.setdefault("STATE_DIR", tempfile.mkdtemp(prefix="portal-tests-"))
os.environ.setdefault("EMBEDDING_DIR", str(Path(__file__).parents[1] / "var" / "embedding"))
os.environ.setdefault("SALESFORCE_DOMAIN", "larkfield.my")
os.environ.setdefault("PORTAL_SANDBOX", "1")
os.environ.setdefault("STAFF_SIGN_IN", "code")  # tests of the rule itself say "strong"
os.environ.setdefault("LOG_LEVEL", "WARNING")
os.environ.setdefault("SHORTEST_FORM_SECONDS", "0")  # tests write faster than people

from portal.settings import *

STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405  WhiteNoise warns about a folder that is not there
