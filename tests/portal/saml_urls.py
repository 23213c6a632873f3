"""The site's addresses as with SAML_METADATA_URL set: they are read once, when a process starts."""

from allauth.socialaccount.providers.saml.urls import urlpatterns as saml
from django.urls import include, path

from portal.urls import handler400, handler403, handler404, handler500, saml_urls
from portal.urls import urlpatterns as site

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [*saml_urls, path("account/", include(saml)), *site]
