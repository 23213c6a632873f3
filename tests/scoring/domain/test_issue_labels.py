"""Group, type and themes from an issue's labels."""

from scoring.domain.issue_labels import Scopes, read_scopes


def test_scopes_are_taken_off() -> None:
    labels = ["customer", "type::bug", "group::code review", "theme:speed", "theme:access"]

    assert read_scopes(labels) == Scopes("bug", "code review", ("access", "speed"))


def test_without_them_there_is_nothing() -> None:
    assert read_scopes(["customer", "theme:", "type::", "group", "theme::x"]) == Scopes(
        None, None, ()
    )


def test_the_first_of_a_scope_holds_and_a_theme_counts_once() -> None:
    labels = ["group::a", "group::b", "theme:x", "theme:x"]

    assert read_scopes(labels) == Scopes(None, "a", ("x",))
