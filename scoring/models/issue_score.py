"""What an issue's demand is worth now, with all that explains it."""

from django.db import models

from intake.models import Issue
from scoring.models.score_run import ScoreRun


class IssueScore(models.Model):
    """One row for each issue that has an open customer link or a score without one.

    The columns of money are the framework's (CIPF) whatever model is active; `score` is the
    active model's own figure, what `rank` orders by. Null is "no number", never 0.

    `standing` sorts as ranks do, issues without a rank last: a list in rank order is one scan of
    its index. `gap_place` counts from 1 on the issues that lead the gap ranking (the Top 10 and
    those next in line), whatever model is active; `gap` then holds {"mean", "worst", "ranks":
    {"impacted_arr", "accounts", "strategic_accounts", "p0_share"}} as text.
    `figures`: the active model's own parts by name, as text. `warnings`: a list of
    {"kind", "account", "opportunity"}.

    Rows stay narrow, what explains them is in `ScoreParts`: one change may move every rank.
    """

    issue = models.OneToOneField(
        Issue, on_delete=models.CASCADE, primary_key=True, related_name="score"
    )
    run = models.ForeignKey(ScoreRun, on_delete=models.PROTECT, related_name="+")
    scored_at = models.DateTimeField()
    model = models.CharField(max_length=20)
    rank = models.PositiveIntegerField(null=True, db_index=True)  # among all, from 1
    standing = models.CharField(max_length=140, blank=True, db_index=True)
    gap_place = models.PositiveSmallIntegerField(null=True, db_index=True)
    gap = models.JSONField(default=dict)
    score = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    retention = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    growth = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    combined = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    priority = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    weighted = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    linked_arr = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    impacted_arr = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    lost_arr = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    accounts = models.PositiveIntegerField(default=0)
    strategic_accounts = models.PositiveIntegerField(default=0)
    p0_accounts = models.PositiveIntegerField(default=0)
    seats = models.PositiveIntegerField(default=0)
    highest_points = models.PositiveSmallIntegerField(default=0)
    bucket = models.PositiveSmallIntegerField(null=True)  # of the score label, 1 is highest
    urgency = models.CharField(max_length=20, blank=True)  # as a label spells it
    intent = models.CharField(max_length=8, blank=True)
    group = models.CharField(max_length=255, blank=True)  # without its label's scope
    type = models.CharField(max_length=255, blank=True)
    area = models.CharField(max_length=60, blank=True)  # key of the product file
    themes = models.JSONField(default=list)
    is_manual = models.BooleanField(default=False)  # a person's value stands in for demand
    figures = models.JSONField(default=dict)
    warnings = models.JSONField(default=list)

    class Meta:
        indexes = [
            models.Index(fields=["group", "type", "weighted", "bucket"], name="score_label_group"),
            # Lists count and sum inside it; without rank, which one change moves a lot.
            models.Index(
                fields=["group", "type", "area", "score", "retention", "growth"],
                name="issue_score_list",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issue_id}: {self.score}"


class ScoreParts(models.Model):
    """Why an issue has its score, as `scoring.domain.explanation` tells it.

    `parts` has one object for each open link: {"account", "kind", "opportunity", "points",
    "pool_points", "pool_money", "share", "multiplier", "reason", "priority"}; primary keys as
    numbers, money and multiplier as text.
    """

    issue = models.OneToOneField(
        Issue, on_delete=models.CASCADE, primary_key=True, related_name="score_parts"
    )
    parts = models.JSONField(default=list)

    class Meta:
        verbose_name_plural = "score parts"

    def __str__(self) -> str:
        return f"{self.issue_id}: {len(self.parts)} links"
