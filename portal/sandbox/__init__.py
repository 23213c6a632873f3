"""Stand-in GitLab and Salesforce over real HTTP on loopback, for development and tests.

Standard library and PyJWT only, so that it starts in a blink and knows nothing of the site.
"""
