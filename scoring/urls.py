"""Addresses of what product managers and TAMs read."""

from django.urls import path

from scoring.views.account import account
from scoring.views.estimate import estimate
from scoring.views.feeds import issues_csv, issues_json
from scoring.views.issue import issue
from scoring.views.issues import issues
from scoring.views.movement import movement
from scoring.views.themes import themes
from scoring.views.top import top
from scoring.views.what_if import what_if

app_name = "scoring"
urlpatterns = [
    path("", issues, name="issues"),
    path("issues.csv", issues_csv, name="issues_csv"),
    path("issues.json", issues_json, name="issues_json"),
    path("issues/<int:pk>/", issue, name="issue"),
    path("issues/<int:pk>/estimate/", estimate, name="estimate"),
    path("accounts/<int:pk>/", account, name="account"),
    path("movement/", movement, name="movement"),
    path("top/", top, name="top"),
    path("themes/", themes, name="themes"),
    path("what-if/", what_if, name="what_if"),
]
