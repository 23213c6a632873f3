"""Issues: read them all or one, open, close, label, and follow where they went.

Ways of failing: as every call of this package. A label change or a close may be sent again after
Unavailable (both only say how it shall be); an issue may not: look for its marker first.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from portal.gateways.errors import GatewayError, Misconfigured, Refused
from portal.gateways.gitlab.door import PER_PAGE, Json, understand
from portal.gateways.gitlab.failures import SERVICE, narrow_down
from portal.gateways.gitlab.projects import ProjectCalls
from portal.gateways.gitlab.reading import (
    read_duplicate,
    read_issue,
    read_label_event,
    read_number,
)
from portal.gateways.records import IssueKey, IssueRecord, Successor

_MOVED_TO = "query($id: IssueID!) { issue(id: $id) { movedTo { iid projectId } } }"


class IssueCalls(ProjectCalls):
    def issue_pages(
        self, project_id: int, *, updated_after: datetime | None
    ) -> Iterator[tuple[list[IssueRecord], int | None]]:
        """Pages of 100, the longest unchanged first, each with the total where GitLab tells it.

        GitLab does not tell more than 10,000, and `updated_at` does not move with every comment
        or label: let the window overlap, and reconcile now and then.
        """
        parameters: Json = {
            "scope": "all",
            "state": "all",
            "order_by": "updated_at",
            "sort": "asc",
        }
        if updated_after is not None:
            moment = updated_after.astimezone(UTC).replace(tzinfo=None)
            parameters["updated_after"] = moment.isoformat(timespec="milliseconds") + "Z"
        path = f"/projects/{project_id}/issues"
        total = self._read(lambda: self._list(path, {**parameters, "per_page": 1}).total)
        # Keyset paging (since 18.3; before, GitLab ignores the parameter and counts pages) does
        # not lose a row when an issue changes during the listing, but never tells the total.
        # https://docs.gitlab.com/api/issues/#list-project-issues
        rows = self._each(path, read_issue, pagination="keyset", **parameters)
        while page := list(islice(rows, PER_PAGE)):
            yield page, total

    def issue(self, key: IssueKey) -> IssueRecord:
        # https://docs.gitlab.com/api/issues/#single-project-issue
        return self._get(locate(key), read_issue)

    def find_issue_by_marker(self, project_id: int, marker: str) -> IssueRecord | None:
        """The oldest issue whose description holds `marker`; closed and confidential ones count."""
        # https://docs.gitlab.com/api/issues/#list-project-issues
        found = self._each(
            f"/projects/{project_id}/issues",
            read_issue,
            **{"scope": "all", "state": "all", "search": marker, "in": "description"},
        )
        holders = [issue for issue in found if marker in issue.description]
        return min(holders, key=lambda issue: issue.key.iid, default=None)

    def create_issue(
        self,
        project_id: int,
        *,
        title: str,
        description: str,
        labels: tuple[str, ...] | list[str],
        is_confidential: bool,
    ) -> IssueRecord:
        """Raises Refused when it had to be confidential and GitLab opened it in public."""
        body = {
            "title": title,
            "description": description,
            "labels": ",".join(labels),
            "confidential": is_confidential,
        }
        # https://docs.gitlab.com/api/issues/#new-issue
        created = self._add(
            lambda: understand(read_issue, self._post(f"/projects/{project_id}/issues", body))
        )
        if is_confidential and not created.is_confidential:
            return self._hide(created)
        return created

    def _hide(self, issue: IssueRecord) -> IssueRecord:
        """GitLab leaves `confidential` out without a word where the role does not allow it."""
        hidden = self._update(issue.key, {"confidential": True})
        if not hidden.is_confidential:
            raise Refused(
                f"GitLab opened the issue in public: make {issue.web_url} confidential by hand.",
                service=SERVICE,
            )
        return hidden

    def close_issue(self, key: IssueKey) -> IssueRecord:
        return self._update(key, {"state_event": "close"})

    def change_labels(
        self, key: IssueKey, *, add: tuple[str, ...] = (), remove: tuple[str, ...] = ()
    ) -> IssueRecord:
        """Sends only the difference: labels that others set meanwhile stay as they are.

        GitLab makes labels that a project does not have yet. Raises Refused when it answers
        without having done what was asked, or forbids it on this one issue.
        """
        asked = {"add_labels": ",".join(add), "remove_labels": ",".join(remove)}
        try:
            changed = self._update(key, {name: value for name, value in asked.items() if value})
        except Misconfigured as error:
            raise narrow_down(error, "label this issue") from None
        if set(add) - set(changed.labels) or set(remove) & set(changed.labels):
            raise Refused("GitLab left the labels as they were.", service=SERVICE)
        return changed

    def find_label_setters(self, key: IssueKey) -> dict[str, int]:
        """Label → id of the user who put it there last, for every label that was not taken off.

        A moved issue takes this record along.
        """
        # https://docs.gitlab.com/api/resource_label_events/#list-project-issue-label-events
        events = self._each(f"{locate(key)}/resource_label_events", read_label_event)
        setters: dict[str, int] = {}
        for event in sorted(events, key=lambda event: event.id):
            setters.pop(event.label, None)
            if event.is_added:
                setters[event.label] = event.user_id
        return setters

    def _update(self, key: IssueKey, change: Json) -> IssueRecord:
        # https://docs.gitlab.com/api/issues/#edit-an-issue
        return self._write(lambda: understand(read_issue, self._put(locate(key), change)))

    def successor(self, key: IssueKey) -> Successor | None:
        """One step on from a moved or duplicate issue; None where it did not go on, or where the
        token cannot see the place it went to."""
        duplicate, gitlab_id, is_moved = self._get(locate(key), _read_ways_on)
        if duplicate is not None:
            return Successor(duplicate, "duplicate")
        target = self._find_moved(gitlab_id) if is_moved else None
        return None if target is None else Successor(target, "moved")

    def _find_moved(self, gitlab_id: int) -> IssueKey | None:
        """REST finds an issue by its global id for administrators only; GraphQL for everyone."""
        body = {
            "query": _MOVED_TO,
            "variables": {"id": f"gid://gitlab/Issue/{gitlab_id}"},
        }
        # https://docs.gitlab.com/api/graphql/reference/#issue
        return self._read(
            lambda: understand(_read_moved_to, self._post(f"{self._url}/api/graphql", body))
        )

    def _is_closed_to_notes(self, key: IssueKey) -> bool:
        """Whether nobody but members may comment: a locked discussion or an archived project."""
        # https://docs.gitlab.com/api/issues/#single-project-issue
        try:
            return self._get(locate(key), lambda issue: issue.get("discussion_locked") is True) or (
                self._get(
                    f"/projects/{key.project_id}",
                    lambda project: project.get("archived") is True,
                )
            )
        except GatewayError:
            return False


def locate(key: IssueKey) -> str:
    return f"/projects/{key.project_id}/issues/{key.iid}"


def _read_ways_on(issue: Any) -> tuple[IssueKey | None, int, bool]:
    return (
        read_duplicate(issue),
        read_number(issue["id"]),
        issue.get("moved_to_id") is not None,
    )


def _read_moved_to(answer: Any) -> IssueKey | None:
    if answer.get("errors"):
        raise ValueError("GraphQL answered with errors")
    target = (answer["data"]["issue"] or {}).get("movedTo")
    return IssueKey(int(target["projectId"]), int(target["iid"])) if target else None
