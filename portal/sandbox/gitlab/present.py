"""GitLab's JSON: what each thing looks like in REST."""

from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from portal.sandbox.gitlab.access import Viewer
from portal.sandbox.gitlab.model import Issue, Label, Milestone, Note, Project, User
from portal.sandbox.state import GitLabState

Shape = dict[str, Any]
ISSUE_PLAIN: tuple[str, ...] = (
    "id",
    "iid",
    "project_id",
    "title",
    "description",
    "state",
    "confidential",
)
ISSUE_PLAIN += ("issue_type", "weight", "moved_to_id")
ISSUE_BLANK: Shape = {
    "merge_requests_count": 0,
    "upvotes": 0,
    "downvotes": 0,
    "discussion_locked": None,
    "time_stats": {"time_estimate": 0, "total_time_spent": 0},
    "task_completion_status": {"count": 0, "completed_count": 0},
    "blocking_issues_count": 0,
    "has_tasks": False,
    "severity": "UNKNOWN",
    "imported": False,
    "imported_from": "none",
    "service_desk_reply_to": None,
    "epic": None,
    "epic_iid": None,
    "iteration": None,
    "health_status": None,
}
PROJECT_BLANK: Shape = {
    "description": None,
    "default_branch": "main",
    "readme_url": None,
    "issues_enabled": True,
    "issues_access_level": "enabled",
    "archived": False,
}
LEVELS = {"private": 0, "internal": 10, "public": 20}


def show_time(moment: datetime | None) -> str | None:
    """REST style: 2026-01-31T10:00:00.000Z."""
    # Every moment held is UTC: the offset is cut off, "Z" takes its place.
    return moment.isoformat(timespec="milliseconds")[:-6] + "Z" if moment else None


def show_day(day: date | None) -> str | None:
    return day.isoformat() if day else None


class Presenter:
    """Builds the JSON shapes; `base` is the instance's external URL."""

    def __init__(self, state: GitLabState, base: str, viewer: Viewer | None = None) -> None:
        self.state = state
        self.base = base
        self.viewer = viewer

    def user(self, user_id: int) -> Shape:
        user = self.state.users.get(user_id) or User(user_id, "ghost", "Ghost User")
        return {
            "id": user.id,
            "username": user.username,
            "public_email": None,
            "name": user.name,
            "state": "active",
            "locked": False,
            "avatar_url": None,
            "web_url": f"{self.base}/{user.username}",
        }

    def milestone(self, milestone: Milestone) -> Shape:
        project = self.state.projects[milestone.project_id]
        return {
            "id": milestone.id,
            "iid": milestone.iid,
            "project_id": milestone.project_id,
            "title": milestone.title,
            "description": "",
            "state": milestone.state,
            "created_at": show_time(milestone.created_at),
            "updated_at": show_time(milestone.created_at),
            "due_date": show_day(milestone.due_on),
            "start_date": None,
            "expired": False,
            "web_url": f"{self.base}/{project.path}/-/milestones/{milestone.iid}",
        }

    def issue_url(self, issue: Issue) -> str:
        return f"{self.base}/{self.state.projects[issue.project_id].path}/-/issues/{issue.iid}"

    def issue_api(self, issue: Issue) -> str:
        return f"{self.base}/api/v4/projects/{issue.project_id}/issues/{issue.iid}"

    def issue(self, issue: Issue, with_label_details: bool = False) -> Shape:
        project = self.state.projects[issue.project_id]
        milestone = project.milestones.get(issue.milestone_id or 0)
        labels: list[Any] = list(issue.labels)
        if with_label_details:
            labels = [self.label(project.labels[name]) for name in issue.labels]
        short = f"#{issue.iid}"
        return {
            **{name: getattr(issue, name) for name in ISSUE_PLAIN},
            **ISSUE_BLANK,
            **self._people(issue),
            "created_at": show_time(issue.created_at),
            "updated_at": show_time(issue.updated_at),
            "closed_at": show_time(issue.closed_at),
            "due_date": show_day(issue.due_on),
            "labels": labels,
            "milestone": self.milestone(milestone) if milestone else None,
            "type": issue.issue_type.upper(),
            "user_notes_count": sum(1 for n in issue.notes if not n.system and not n.deleted),
            "web_url": self.issue_url(issue),
            "_links": self.issue_links(issue),
            "references": {"short": short, "relative": short, "full": f"{project.path}{short}"},
        }

    def _people(self, issue: Issue) -> Shape:
        assignees = [self.user(user_id) for user_id in issue.assignee_ids]
        return {
            "author": self.user(issue.author_id),
            "assignees": assignees,
            "assignee": assignees[0] if assignees else None,
            "closed_by": self.user(issue.closed_by_id) if issue.closed_by_id else None,
        }

    def issue_links(self, issue: Issue) -> Shape:
        api = self.issue_api(issue)
        original = self._if_seen(self.state.issue_ids.get(issue.duplicated_to_id or 0))
        return {
            "self": api,
            "notes": f"{api}/notes",
            "award_emoji": f"{api}/award_emoji",
            "project": f"{self.base}/api/v4/projects/{issue.project_id}",
            "closed_as_duplicate_of": self.issue_api(original) if original else None,
        }

    def _if_seen(self, issue: Issue | None) -> Issue | None:
        if issue is None or self.viewer is None:
            return issue
        project = self.state.projects[issue.project_id]
        seen = self.viewer.sees_project(project) and self.viewer.sees_issue(project, issue)
        return issue if seen else None

    def note(self, note: Note, issue: Issue) -> Shape:
        return {
            "id": note.id,
            "type": None,
            "body": note.body,
            "author": self.user(note.author_id),
            "created_at": show_time(note.created_at),
            "updated_at": show_time(note.updated_at),
            "system": note.system,
            "noteable_id": issue.id,
            "noteable_type": "Issue",
            "project_id": issue.project_id,
            "resolvable": False,
            "confidential": note.internal,
            "internal": note.internal,
            "imported": False,
            "imported_from": "none",
            "noteable_iid": issue.iid,
            "commands_changes": {},
        }

    def label(self, label: Label) -> Shape:
        return {
            "id": label.id,
            "name": label.name,
            "description": label.description or None,
            "description_html": label.description,
            "text_color": "#FFFFFF",
            "color": label.color,
            "archived": False,
            "subscribed": False,
            "priority": None,
            "is_project_label": True,
        }

    def project(self, project: Project, level: int) -> Shape:
        namespace, _, name = project.path.rpartition("/")
        access = {"access_level": level, "notification_level": 3} if level else None
        api = f"{self.base}/api/v4/projects/{project.id}"
        return {
            **PROJECT_BLANK,
            "id": project.id,
            "name": name,
            "name_with_namespace": f"{namespace} / {name}",
            "path": name,
            "path_with_namespace": project.path,
            "created_at": show_time(project.created_at),
            "visibility": project.visibility,
            "web_url": f"{self.base}/{project.path}",
            "namespace": {"id": 11, "name": namespace, "path": namespace, "kind": "group"}
            | {"full_path": namespace, "web_url": f"{self.base}/groups/{quote(namespace)}"},
            "open_issues_count": sum(1 for i in project.issues.values() if i.state == "opened"),
            "_links": {"self": api, "issues": f"{api}/issues", "labels": f"{api}/labels"},
            "permissions": {"project_access": access, "group_access": None},
        }
