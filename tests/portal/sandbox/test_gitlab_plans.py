"""Around issues: links, labels, milestones, releases, search, web pages, renamed projects."""

from typing import Any

import gitlab
import pytest
import requests

from portal.sandbox.client import Sandbox
from tests.portal.sandbox.test_gitlab_issues import seed_issues

Project = Any


def test_links_join_both_issues(sandbox: Sandbox, project: Project) -> None:
    seed_issues(sandbox, 2)
    link = {"target_project_id": 101, "target_issue_iid": 2, "link_type": "blocks"}
    project.issues.get(1).links.create(link)
    assert [row.link_type for row in project.issues.get(2).links.list()] == ["is_blocked_by"]
    with pytest.raises(gitlab.GitlabCreateError) as refused:
        project.issues.get(1).links.create(link)
    assert refused.value.response_code == 409


def test_labels_milestones_and_releases(sandbox: Sandbox, project: Project) -> None:
    project.labels.create({"name": "ours", "color": "#112233"})
    with pytest.raises(gitlab.GitlabCreateError) as refused:
        project.labels.create({"name": "ours", "color": "#112233"})
    assert refused.value.response_code == 409
    made = project.milestones.create({"title": "3.1", "due_date": "2027-01-31"})
    sandbox.seed({"releases": [{"project_id": 101, "tag_name": "v3.1", "milestones": ["3.1"]}]})
    issue = project.issues.create({"title": "One", "milestone_id": made.id})
    assert issue.milestone["due_date"] == "2027-01-31"
    release = project.releases.list(get_all=True)[0]
    assert (release.tag_name, release.milestones[0]["title"]) == ("v3.1", "3.1")
    assert [row.iid for row in made.issues()] == [issue.iid]


def test_search_finds_issues(sandbox: Sandbox, project: Project) -> None:
    seed_issues(sandbox, 3)
    assert [row["title"] for row in project.search("issues", "issue 001")] == ["Issue 001"]
    everywhere = project.manager.gitlab.search("issues", "issue 001")
    assert [row["iid"] for row in everywhere] == [2]


def test_the_web_page_shows_the_issue_and_escapes_it(sandbox: Sandbox, project: Project) -> None:
    made = project.issues.create(
        {"title": "<script>", "labels": "a<b", "description": "see https://x.example/1"}
    )
    made.notes.create({"body": "<img src=x>", "internal": True})
    page = requests.get(made.web_url, timeout=10)
    assert page.status_code == 200
    assert "&lt;script&gt;" in page.text
    assert "<script" not in page.text
    assert "<img" not in page.text
    assert "Internal note" in page.text
    assert '<a href="https://x.example/1"' in page.text
    assert requests.get(made.web_url + "9", timeout=10).status_code == 404


def test_a_renamed_project_redirects_reads_and_refuses_writes(
    sandbox: Sandbox, connect: Any
) -> None:
    gl = connect("sandbox-token")
    old = gl.projects.get("larkfield/platform")
    old_lazy = gl.projects.get("larkfield/platform", lazy=True)
    sandbox.seed({"projects": [{"id": 101, "path": "larkfield/core"}]})
    assert old_lazy.issues.list(get_all=True) == []
    assert gl.projects.get(old.id).path_with_namespace == "larkfield/core"
    with pytest.raises(gitlab.exceptions.RedirectError):
        old_lazy.issues.create({"title": "lost"})
