"""GitLab, through python-gitlab. Nothing but this package imports `gitlab`."""

from portal.gateways.gitlab.gateway import GitLabGateway

__all__ = ["GitLabGateway"]
