"""Tests that share one running portal must run in one process."""

import pytest


@pytest.mark.xdist_group("together")
def test_groups_of_tests_are_kept_together(request: pytest.FixtureRequest) -> None:
    """Two portals on one broker take each other's work; a new pytest has lost the groups before,
    without a word."""
    if not request.config.getoption("loadgroup", default=False):
        pytest.skip("Groups are for several processes: --dist loadgroup.")
    assert request.node.nodeid.endswith("@together")
