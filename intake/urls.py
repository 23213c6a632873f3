"""Addresses of what customers use; a request's own begin with its unguessable token."""

from django.urls import path

from intake import views
from intake.webhooks import gitlab_webhook

app_name = "intake"
urlpatterns = [
    path("", views.my_requests, name="my_requests"),
    path("requests/new/", views.new_request, name="new_request"),
    path("requests/new/on-behalf/", views.new_request_on_behalf, name="new_request_on_behalf"),
    path("requests/similar/", views.similar, name="similar"),
    path("requests/export.csv", views.export, name="export"),
    path("requests/<str:token>/", views.request_page, name="request"),
    path("requests/<str:token>/received/", views.received, name="received"),
    path("requests/<str:token>/choose/", views.choose, name="choose"),
    path("requests/<str:token>/reply/", views.reply, name="reply"),
    path("requests/<str:token>/edit/", views.edit, name="edit"),
    path("requests/<str:token>/withdraw/", views.withdraw, name="withdraw"),
    path("requests/<str:token>/not-the-same/", views.not_the_same, name="not_the_same"),
    path("requests/<str:token>/follow/", views.follow, name="follow"),
    path("requests/<str:token>/confirm/", views.confirm, name="confirm"),
    path("requests/<str:token>/files/<int:pk>/", views.attachment, name="attachment"),
    path("mail/<str:signed>/", views.mail_level, name="mail_level"),
    path("webhooks/gitlab/", gitlab_webhook, name="gitlab_webhook"),
]
