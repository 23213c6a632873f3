"""The token we hold and the projects it opens.

Ways of failing: as every call of this package; a project without access is Missing.
"""

from urllib.parse import quote

from portal.gateways.gitlab.door import Door
from portal.gateways.gitlab.reading import read_number, read_project, read_text, read_token
from portal.gateways.records import ProjectRecord, TokenRecord


class ProjectCalls(Door):
    _own_user_id: int | None = None

    def own_user_id(self) -> int:
        """Who writes when we write. Asked once: a token never changes its owner."""
        if self._own_user_id is None:
            # https://docs.gitlab.com/api/users/#get-the-current-user
            self._own_user_id = self._get("/user", lambda user: read_number(user["id"]))
        return self._own_user_id

    def token(self) -> TokenRecord:
        # https://docs.gitlab.com/api/users/#get-the-current-user
        username = self._get("/user", lambda user: read_text(user["username"]))
        # https://docs.gitlab.com/api/personal_access_tokens/#get-details-on-a-personal-access-token
        return self._get(
            "/personal_access_tokens/self",
            lambda token: read_token(token, username=username),
        )

    def version(self) -> str:
        # https://docs.gitlab.com/api/version/
        return self._get("/version", lambda answer: read_text(answer["version"]))

    def project(self, ref: int | str) -> ProjectRecord:
        """`ref` is the number of the project or its full path."""
        # https://docs.gitlab.com/api/projects/#get-a-single-project
        return self._get(f"/projects/{quote(str(ref), safe='')}", read_project)
