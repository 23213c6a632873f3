"""The site as a WSGI application."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_wsgi_application()
settings.SECRET_KEY  # noqa: B018  refuses to start without one, rather than at the first request

# What is loaded by now stays: the collector need not walk it again at every few requests.
gc.collect()
gc.freeze()
