from scoring.models.estimate import Estimate, EstimateKind
from scoring.models.issue_score import IssueScore, ScoreParts
from scoring.models.published_labels import PublishedLabels
from scoring.models.score_run import RunKind, ScoreRun
from scoring.models.snapshot import DayScore, Snapshot
from scoring.models.weights_version import WeightsVersion

__all__ = [
    "DayScore",
    "Estimate",
    "EstimateKind",
    "IssueScore",
    "PublishedLabels",
    "RunKind",
    "ScoreParts",
    "ScoreRun",
    "Snapshot",
    "WeightsVersion",
]
