"""How well the finder finds, beside the yardsticks, on exactly the same queries."""

from intake.matching.evaluation.answers import Answer, Run
from intake.matching.evaluation.duplicates import ask_duplicates
from intake.matching.evaluation.issues import Issue, read_issues
from intake.matching.evaluation.submissions import ask_submissions

__all__ = ["Answer", "Issue", "Run", "ask_duplicates", "ask_submissions", "read_issues"]
