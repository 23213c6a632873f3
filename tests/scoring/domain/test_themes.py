"""Themes sum whole issues, without de-duplication."""

from fractions import Fraction

from scoring.domain.themes import ThemeScore, sum_themes


def test_an_issue_of_100_counts_100_in_each_of_its_themes() -> None:
    assert sum_themes([(("a", "b"), Fraction(100)), (("b",), Fraction(5))]) == [
        ThemeScore("b", Fraction(105)),
        ThemeScore("a", Fraction(100)),
    ]


def test_a_theme_named_twice_on_one_issue_counts_it_once() -> None:
    assert sum_themes([(("a", "a"), Fraction(100))]) == [ThemeScore("a", Fraction(100))]


def test_equals_go_by_name_and_a_theme_without_a_score_comes_last() -> None:
    found = sum_themes([(("c", "b"), Fraction(0)), (("a",), None), (("b",), None)])
    assert found == [
        ThemeScore("b", Fraction(0)),
        ThemeScore("c", Fraction(0)),
        ThemeScore("a", None),
    ]
