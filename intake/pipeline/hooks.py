"""Handle what webhooks announced: the issue is read again from GitLab, whatever the hook said."""

import logging
from collections.abc import Callable
from datetime import datetime

from intake.models import Issue, Project, WebhookEvent
from intake.pipeline.follow_issue import follow_changes
from intake.pipeline.mirror import refetch_issue
from intake.pipeline.read_notes import ask_for_notes
from portal.gateways.errors import Missing, Refused
from portal.gateways.gitlab import GitLabGateway

logger = logging.getLogger(__name__)

BATCH = 100


def handle_webhooks(*, gitlab: GitLabGateway, clock: Callable[[], datetime]) -> list[int]:
    """Each issue named since the last time is fetched once; returns requests to wake.

    Events stay unhandled when GitLab is away, and are read again then.
    """
    waiting = WebhookEvent.objects.filter(handled_at=None, issue_iid__isnull=False)
    named = waiting.order_by("received_at").values_list("project_id", "issue_iid")[:BATCH]
    for project_id, iid in dict.fromkeys(named):
        if project_id is None or iid is None:
            continue
        started_at = clock()
        is_spoken = waiting.filter(
            project_id=project_id, issue_iid=iid, kind__icontains="note"
        ).exists()
        for project in Project.objects.filter(project_id=project_id, is_lost=False):
            try:
                refetch_issue(project, iid, gitlab=gitlab, clock=clock)
                if is_spoken:  # an edited comment does not show on its issue
                    ask_for_notes(Issue.objects.filter(project=project, iid=iid), now=clock())
            except (Missing, Refused) as error:  # the nightly run looks again
                logger.warning("Webhook for issue %s of project %s: %s", iid, project_id, error)
        waiting.filter(project_id=project_id, issue_iid=iid, received_at__lte=started_at).update(
            handled_at=clock()
        )
    WebhookEvent.objects.filter(handled_at=None, issue_iid=None).update(handled_at=clock())
    return follow_changes(gitlab=gitlab, clock=clock)
