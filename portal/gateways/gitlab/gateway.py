"""The whole of GitLab as the portal sees it.

Ways of failing, for every call (see portal.gateways.errors):
recoverable    Unavailable: timeout, broken connection, 429, 5xx, an answer that cannot be read.
               After a write `may_have_written` says whether it may exist already.
permanent      Missing: 404. Refused: 400, 409, 422 and every other "no" about one object.
misconfigured  Misconfigured: 401, 403 for the token as a whole, redirects, a foreign host.
"""

from portal.gateways.gitlab.notes import NoteCalls


class GitLabGateway(NoteCalls):
    """One client with its connections: make one per process, after fork.

    `timeout` is for one read and `write_deadline` for a whole writing call, both in seconds;
    `ca_file` holds the certificates of a private authority, empty for the public ones.
    """
