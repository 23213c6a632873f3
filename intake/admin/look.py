"""The moment a page of triage is read."""

from django.http import HttpRequest
from django.utils import timezone

from intake.selectors.triage import Look
from portal.admin.roles import person_of


def look_as(request: HttpRequest) -> Look:
    return Look(user=person_of(request), now=timezone.now(), today=timezone.localdate())
