"""Every address of the site."""

from django.http import Http404
from django.urls import include, path, re_path

from portal.admin.site import site
from portal.views import healthz, page_not_found

urlpatterns = [
    path("", include("intake.urls")),
    re_path("^account/password/", page_not_found, {"exception": Http404()}),  # nobody has one
    path("account/", include("allauth.urls")),
    path("admin/", site.urls),
    path("priorities/", include("scoring.urls")),
    path("healthz", healthz, name="healthz"),
]

handler400 = "portal.views.bad_request"
handler403 = "portal.views.permission_denied"
handler404 = "portal.views.page_not_found"
handler500 = "portal.views.server_error"
