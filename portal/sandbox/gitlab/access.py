"""Who is calling, and what they may see and do."""

from dataclasses import dataclass
from datetime import date

from portal.sandbox.gitlab.model import PLANNER, Issue, Note, Project, Token, User
from portal.sandbox.state import GitLabState
from portal.sandbox.wire import Answer, Request, json_response

WRITE_SCOPES = ("api",)
READ_SCOPES = ("api", "read_api")


@dataclass(frozen=True, slots=True)
class Viewer:
    """The caller; without a token `user` is None and only public things are seen."""

    user: User | None
    token: Token | None

    def level(self, project: Project) -> int:
        return project.members.get(self.user.id, 0) if self.user else 0

    def sees_project(self, project: Project) -> bool:
        if project.visibility == "public" or self.level(project) > 0:
            return True
        return project.visibility == "internal" and self.user is not None

    def sees_internal(self, project: Project) -> bool:
        return self.level(project) >= PLANNER

    def sees_issue(self, project: Project, issue: Issue) -> bool:
        if not issue.confidential or self.sees_internal(project):
            return True
        return self.user is not None and self.user.id in (issue.author_id, *issue.assignee_ids)

    def sees_note(self, project: Project, note: Note) -> bool:
        return not note.internal or self.sees_internal(project)

    def require_user(self) -> User:
        if self.user is None:
            raise refuse(401, "401 Unauthorized")
        return self.user


def refuse(status: int, message: object) -> Answer:
    return Answer(json_response({"message": message}, status))


def refuse_parameter(error: str) -> Answer:
    """A missing or unreadable parameter: GitLab says `error`, not `message`."""
    return Answer(json_response({"error": error}, 400))


def identify(state: GitLabState, request: Request, today: date) -> Viewer:
    """The caller by PRIVATE-TOKEN or Bearer. Raises a 401 or 403 answer."""
    sent = request.headers.get("PRIVATE-TOKEN") or request.query.get("private_token") or ""
    authorization = request.headers.get("Authorization") or ""
    if not sent and authorization.lower().startswith("bearer "):
        sent = authorization[7:]
    if not sent:
        return Viewer(None, None)
    token = state.tokens.get(sent)
    if token is None or token.user_id not in state.users:
        raise refuse(401, "401 Unauthorized")
    check_token(token, request, today)
    return Viewer(state.users[token.user_id], token)


def check_token(token: Token, request: Request, today: date) -> None:
    if not token.active:
        raise _refuse_token("Token was revoked. You have to re-authorize from the user.")
    if token.expires_on is not None and token.expires_on <= today:
        raise _refuse_token(
            "Token is expired. You can either do re-authorization or token refresh."
        )
    reads = request.method in ("GET", "HEAD") or request.path.startswith("/api/graphql")
    wanted = READ_SCOPES if reads else WRITE_SCOPES
    if not set(wanted) & set(token.scopes) and not request.path.endswith("/self"):
        words = "The request requires higher privileges than provided by the access token."
        body = {"error": "insufficient_scope", "error_description": words}
        raise Answer(json_response({**body, "scope": " ".join(wanted)}, 403))


def _refuse_token(words: str) -> Answer:
    return Answer(json_response({"error": "invalid_token", "error_description": words}, 401))
