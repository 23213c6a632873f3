"""The stand-in for GitLab: REST under /api/v4, GraphQL, web pages of issues, webhooks."""
