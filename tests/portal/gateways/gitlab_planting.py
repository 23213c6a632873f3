"""Issues planted in the sandbox, and a gateway to read them with."""

from typing import Any

from portal.gateways.gitlab import GitLabGateway
from portal.gateways.records import IssueKey
from portal.sandbox.client import Sandbox

PUBLIC, PRIVATE = 101, 102


def open_gateway(sandbox: Sandbox, token: str = "sandbox-token", **limits: Any) -> GitLabGateway:
    return GitLabGateway(sandbox.gitlab_url, token, **{"timeout": 5, **limits})


def plant(sandbox: Sandbox, project_id: int = PUBLIC, **fields: Any) -> IssueKey:
    issue = {"project_id": project_id, "title": "Dark mode", "description": "Please.", **fields}
    (planted,) = sandbox.seed({"issues": [issue]})["issues"]
    return IssueKey(planted["project_id"], planted["iid"])
