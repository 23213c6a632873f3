"""The web pages a person opens: one issue with its labels and notes, or a project's issues."""

import re
from html import escape

from portal.sandbox.gitlab.call import Call
from portal.sandbox.gitlab.model import Issue, Note, Project
from portal.sandbox.wire import Response, html_response

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}
.label{border:1px solid #667;border-radius:1rem;padding:.1rem .6rem;margin-right:.3rem}
.note{border:1px solid #ccd;border-radius:.4rem;padding:.2rem 1rem;margin:1rem 0}
.internal{background:#fff4d6}.system{border:0;color:#556}
pre{white-space:pre-wrap;font:inherit;overflow-wrap:anywhere}.state{font-weight:bold}
"""
ISSUE_PATH = re.compile(r"/(?P<path>.+?)/-/(?:issues|work_items)/(?P<iid>\d+)/?$")
LIST_PATH = re.compile(r"/(?P<path>.+?)(?:/-/issues)?/?$")
LINK = re.compile(r"https?://[^\s<>&\"')]+")


def wrap_page(title: str, body: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n"
        f"<body>\n{body}\n<hr><p><small>Sandbox: a stand-in.</small></p></body></html>\n"
    )


def show_page(call: Call) -> Response:
    """A person in the sandbox is signed in, so every project and note is shown."""
    path = call.request.path
    if match := ISSUE_PATH.match(path):
        project = call.gitlab.project_by_path(match["path"])
        issue = project.issues.get(int(match["iid"])) if project else None
        if project is not None and issue is not None:
            return html_response(_show_issue(call, project, issue))
    elif (match := LIST_PATH.match(path)) and (p := call.gitlab.project_by_path(match["path"])):
        return html_response(_show_list(p))
    elif path == "/":
        return html_response(_show_projects(call))
    return html_response(wrap_page("Not found", "<h1>404: Page not found</h1>"), 404)


def _show_projects(call: Call) -> str:
    rows = "".join(
        f'<li><a href="/{escape(p.path)}/-/issues">{escape(p.path)}</a> ({p.visibility})</li>'
        for p in call.gitlab.projects.values()
    )
    return wrap_page("Projects", f"<h1>Projects</h1><ul>{rows}</ul>")


def _show_list(project: Project) -> str:
    newest = sorted(project.issues.values(), key=lambda i: i.updated_at, reverse=True)[:200]
    rows = "".join(
        f'<li><a href="/{escape(project.path)}/-/issues/{i.iid}">#{i.iid} {escape(i.title)}</a>'
        f" ({escape(i.state)}{', confidential' if i.confidential else ''})</li>"
        for i in newest
    )
    return wrap_page(project.path, f"<h1>{escape(project.path)}</h1><ul>{rows}</ul>")


def _show_issue(call: Call, project: Project, issue: Issue) -> str:
    labels = "".join(f'<span class="label">{escape(name)}</span>' for name in issue.labels)
    milestone = project.milestones.get(issue.milestone_id or 0)
    facts = [issue.state, "confidential" if issue.confidential else ""]
    facts.append(f"weight {issue.weight}" if issue.weight is not None else "")
    facts.append(f"milestone {milestone.title}" if milestone else "")
    notes = "\n".join(_show_note(call, note) for note in issue.live_notes())
    title = f"{issue.title} (#{issue.iid})"
    body = (
        f'<p><a href="/{escape(project.path)}/-/issues">{escape(project.path)}</a></p>'
        f"<h1>{escape(title)}</h1>\n"
        f'<p class="state">{escape(", ".join(f for f in facts if f))}</p>\n'
        f"<p>{labels}</p>\n<pre>{_link(issue.description)}</pre>\n<h2>Activity</h2>\n{notes}"
    )
    return wrap_page(title, body)


def _show_note(call: Call, note: Note) -> str:
    author = call.gitlab.users.get(note.author_id)
    kind = "system" if note.system else "internal" if note.internal else ""
    mark = " <strong>Internal note</strong>" if note.internal else ""
    name = escape(author.name if author else "Ghost User")
    when = f"{note.created_at:%Y-%m-%d %H:%M}"
    return (
        f'<article class="note {kind}" id="note_{note.id}"><p>{name} · {when}{mark}</p>'
        f"<pre>{_link(note.body)}</pre></article>"
    )


def _link(text: str) -> str:
    """Escaped, with plain web addresses made into links."""
    return LINK.sub(lambda m: f'<a href="{m[0]}" rel="noreferrer">{m[0]}</a>', escape(text))
