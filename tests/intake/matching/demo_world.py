"""The demo world as the finder sees it, and what customers ask of it in their own words.

An issue is named as GitLab names it, by project and number: `larkfield/platform#12`. The
numbers follow the dates of creation; `target_title` beside a target tells when they moved.
The submissions are for judging only. Whoever tunes on them has none left to judge by.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from intake.matching.evaluation import Issue
from intake.matching.records import Document
from intake.matching.voices import Voice, read_voices
from portal.sandbox.gitlab.desk import Desk
from portal.sandbox.gitlab.webhooks import WebhookSender
from portal.sandbox.hub import Hub
from portal.sandbox.seed import seed_basics
from portal.sandbox.state import GitLabState, State
from portal.sandbox.world import load_world

VOICES = Path(__file__).parent / "voices" / "demo_world.jsonl"


@cache
def load_issues() -> tuple[Issue, ...]:
    """In the order in which they were created."""
    hub = Hub(State())
    seed_basics(hub.state)
    load_world(Desk(hub, WebhookSender(hub)))
    return tuple(sorted(_read_issues(hub.state.gitlab), key=lambda one: one.document.created_at))


def load_voices() -> list[Voice]:
    return read_voices(VOICES)


def read_target_titles() -> dict[str, str]:
    """Name of each target → its title as it was when the submission was written."""
    rows = map(json.loads, VOICES.read_text("utf-8").splitlines())
    return {row["target"]: row["target_title"] for row in rows if row["target"]}


def _read_issues(state: GitLabState) -> Iterator[Issue]:
    for key, issue in state.issue_ids.items():
        project = state.projects[issue.project_id]
        document = Document(
            key=key,
            title=issue.title,
            body=issue.description,
            created_at=issue.created_at,
            is_open=issue.state == "opened",
            is_public=project.visibility == "public" and not issue.confidential,
        )
        group = _name_issue(state, issue.duplicated_to_id or key)
        yield Issue(_name_issue(state, key), document, "issue", group, is_query=False)


def _name_issue(state: GitLabState, key: int) -> str:
    issue = state.issue_ids[key]
    return f"{state.projects[issue.project_id].path}#{issue.iid}"
