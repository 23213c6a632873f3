"""One REST call: the request, who sent it, and the things its path names."""

import re
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, NoReturn

from portal.sandbox.gitlab.access import Viewer, refuse, refuse_parameter
from portal.sandbox.gitlab.model import Issue, Note, Project
from portal.sandbox.hub import Hub
from portal.sandbox.state import GitLabState
from portal.sandbox.wire import Answer, Request, json_response

TRUE_WORDS = ("true", "1", "t", "on", "y", "yes")
FALSE_WORDS = ("false", "0", "f", "off", "n", "no", "", "none")


class Call:
    """Looks up what the path names and reads parameters; raises `Answer` when it cannot."""

    def __init__(self, hub: Hub, request: Request, viewer: Viewer, parts: dict[str, str]) -> None:
        self.hub = hub
        self.request = request
        self.viewer = viewer
        self.parts = parts

    @property
    def gitlab(self) -> GitLabState:
        return self.hub.state.gitlab

    @property
    def base(self) -> str:
        return self.hub.addresses["gitlab"]

    @cached_property
    def now(self) -> datetime:
        return datetime.now(UTC)

    @cached_property
    def params(self) -> dict[str, Any]:
        try:
            return self.request.params
        except (ValueError, UnicodeDecodeError):
            raise refuse_parameter("The request body could not be read") from None

    @cached_property
    def project(self) -> Project:
        named = self.parts["project"]
        if named.isdigit():
            found = self.gitlab.projects.get(int(named))
        else:
            found = self.gitlab.project_by_path(named)
            if found is None:
                self._redirect(named)
        if found is None or not self.viewer.sees_project(found):
            raise refuse(404, "404 Project Not Found")
        return found

    def _redirect(self, old_path: str) -> NoReturn:
        """A renamed project: its old path answers with the new place, or not at all."""
        moved = self.gitlab.project_by_old_path(old_path)
        if moved is None or not self.viewer.sees_project(moved):
            raise refuse(404, "404 Project Not Found")
        rest = self.request.path.split("/projects/", 1)[1].partition("/")[2]
        target = f"{self.base}/api/v4/projects/{moved.id}" + (f"/{rest}" if rest else "")
        if self.request.query_string:
            target += f"?{self.request.query_string}"
        moved_answer = json_response("This resource has been moved permanently", 301)
        moved_answer.headers["Location"] = target
        raise Answer(moved_answer)

    @cached_property
    def issue(self) -> Issue:
        return self.find_issue("404 Not found")

    def find_issue(self, missing: str) -> Issue:
        found = self.project.issues.get(int(self.parts["iid"]))
        if found is None or not self.viewer.sees_issue(self.project, found):
            raise refuse(404, missing)
        return found

    @cached_property
    def note(self) -> Note:
        notes = self.find_issue("404 Issue Not Found").live_notes()
        found = next((note for note in notes if note.id == int(self.parts["note"])), None)
        if found is None:
            raise refuse(404, "404 Not found")
        if not self.viewer.sees_note(self.project, found):
            raise refuse(404, "404 Note Not Found")
        return found

    def require_level(self, level: int) -> None:
        self.viewer.require_user()
        if self.viewer.level(self.project) < level:
            raise refuse(403, "403 Forbidden")

    def text(self, name: str) -> str | None:
        value = self.params.get(name)
        return None if value is None else str(value)

    def require_text(self, name: str) -> str:
        value = self.text(name)
        if value is None:
            raise refuse_parameter(f"{name} is missing")
        return value

    def flag(self, name: str) -> bool | None:
        if name not in self.params:
            return None
        word = str(self.params[name]).lower()
        if word not in TRUE_WORDS and word not in FALSE_WORDS:
            raise refuse_parameter(f"{name} is invalid")
        return word in TRUE_WORDS

    def number(self, name: str, default: int) -> int:
        value = self.params.get(name)
        if value in (None, ""):
            return default
        try:
            return int(str(value))
        except ValueError:
            raise refuse_parameter(f"{name} is invalid") from None

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        value = self.text(name)
        if value is None:
            return default
        if value not in choices:
            raise refuse_parameter(f"{name} does not have a valid value")
        return value

    def words(self, name: str) -> list[str] | None:
        """A list sent as a JSON list, as `name[]`, or comma-separated; None when absent."""
        value = self.params.get(name)
        if value is None:
            return None
        items = value if isinstance(value, list) else str(value).split(",")
        return [word for word in (str(item).strip() for item in items) if word]

    def moment(self, name: str) -> datetime | None:
        value = self.text(name)
        if not value:
            return None
        try:
            return parse_moment(value)
        except ValueError:
            raise refuse_parameter(f"{name} is invalid") from None


def parse_moment(text: str) -> datetime:
    """ISO 8601 with or without a time and zone; UTC without one. Raises ValueError."""
    # In a query string an unescaped "+02:00" arrives with a blank.
    plain = re.sub(r" (\d\d:?\d\d)$", r"+\1", text.strip()) if "T" in text else text.strip()
    moment = datetime.fromisoformat(plain)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def parse_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
