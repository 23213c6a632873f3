"""Scores in Django's admin: what administrators tune."""

from scoring.admin import published_labels, weights

__all__ = ["published_labels", "weights"]
