"""Every address of the site."""

from django.conf import settings
from django.http import Http404
from django.urls import include, path, re_path

from portal.admin.site import site
from portal.sign_in.confirm import confirm_by_mail
from portal.sign_in.views import (
    end_session,
    from_service,
    second_step,
    sign_in_page,
    to_saml_service,
    to_service,
)
from portal.views import healthz, page_not_found
from portal.views.colleagues import (
    change_lead,
    colleagues,
    confirm_waiting,
    invite_colleague,
    remove_member,
    withdraw_expected,
)
from portal.views.own_data import download_your_data, erase_me, your_data

saml_urls = [
    path("account/saml/<str:organization_slug>/login/", to_saml_service, name="saml_login"),
]
urlpatterns = [
    path("", include("intake.urls")),
    re_path(  # nobody has a password, and a company sign-in is tied by using it
        "^account/(?:password/|social/|3rdparty/$|3rdparty/signup/)",
        page_not_found,
        {"exception": Http404()},
    ),
    path("account/login/", sign_in_page, name="account_login"),
    path("account/confirm/", confirm_by_mail, name="confirm_by_mail"),
    path("account/second-step/", second_step, name="second_step"),
    path("account/sessions/<int:pk>/end/", end_session, name="end_session"),
    path("account/oidc/<str:provider_id>/login/", to_service, name="openid_connect_login"),
    path(
        "account/oidc/<str:provider_id>/login/callback/",
        from_service,
        name="openid_connect_callback",
    ),
    path("account/your-data/", your_data, name="your_data"),
    path("account/your-data/download/", download_your_data, name="download_your_data"),
    path("account/your-data/erase/", erase_me, name="erase_me"),
    *(saml_urls if settings.SAML_APP else []),
    path("account/", include("allauth.urls")),
    path("colleagues/", colleagues, name="colleagues"),
    path("colleagues/invite/", invite_colleague, name="invite_colleague"),
    path("colleagues/withdraw/", withdraw_expected, name="withdraw_expected"),
    path("colleagues/confirm/", confirm_waiting, name="confirm_waiting"),
    path("colleagues/remove/", remove_member, name="remove_member"),
    path("colleagues/lead/", change_lead, name="change_lead"),
    path("admin/", site.urls),
    path("priorities/", include("scoring.urls")),
    path("healthz", healthz, name="healthz"),
]

handler400 = "portal.views.bad_request"
handler403 = "portal.views.permission_denied"
handler404 = "portal.views.page_not_found"
handler500 = "portal.views.server_error"
