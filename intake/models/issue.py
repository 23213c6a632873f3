"""GitLab issues, mirrored. GitLab is the truth; only the mirror writes these rows."""

from django.db import models
from django.db.models import Q

from portal.gateways.records import IssueKey


class Project(models.Model):
    """A GitLab project that is mirrored; ids are GitLab's own, so that renames do no harm."""

    instance = models.CharField(max_length=200)  # host of the GitLab instance
    project_id = models.PositiveBigIntegerField()
    path = models.CharField(max_length=255)
    is_public = models.BooleanField(default=False)
    is_lost = models.BooleanField(default=False, help_text="Our token cannot see it any more.")
    synced_to = models.DateTimeField(null=True)  # everything updated before this is mirrored
    mirrored_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instance", "project_id"], name="project_once")
        ]

    def __str__(self) -> str:
        return self.path


class IssueQuerySet(models.QuerySet["Issue"]):
    def shown_to_customers(self) -> "IssueQuerySet":
        """Public issues, and those whose title staff wrote for customers. Fails closed."""
        public = Q(project__is_public=True, is_confidential=False)
        return self.filter(public | ~Q(public_title=""), is_gone=False, project__is_lost=False)

    def unfollowed(self) -> "IssueQuerySet":
        """Issues with requests, or people's links, that have not heard of the latest change."""
        unheard = Q(followed_at=None) | ~Q(followed_at=models.F("changed_at"))
        asked = Issue.objects.filter(submissions__isnull=False).values("pk")
        found = Issue.objects.filter(found_links__isnull=False).values("pk")
        counted = Issue.objects.filter(counted_links__isnull=False).values("pk")
        return self.filter(unheard, Q(pk__in=asked) | Q(pk__in=found) | Q(pk__in=counted))


class Issue(models.Model):
    """One issue as GitLab last told it."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="issues")
    iid = models.PositiveBigIntegerField("number")
    gitlab_id = models.PositiveBigIntegerField()
    title = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    public_title = models.CharField(
        max_length=255, blank=True, help_text="Written by staff; shown instead of a hidden title."
    )
    is_closed = models.BooleanField(default=False)
    labels = models.JSONField(default=list)
    milestone = models.CharField(max_length=255, blank=True)
    milestone_due_on = models.DateField(null=True)
    is_milestone_closed = models.BooleanField(default=False)
    weight = models.PositiveIntegerField(null=True)
    is_confidential = models.BooleanField(default=False)
    type = models.CharField(max_length=20, default="issue")
    author_id = models.PositiveBigIntegerField(default=0)
    web_url = models.URLField(max_length=500)
    successor = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="predecessors"
    )  # where it was moved, or what it duplicates
    is_gone = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    mirrored_at = models.DateTimeField()
    notes_count = models.PositiveIntegerField(default=0)  # comments, as GitLab counts them
    notes_due_at = models.DateTimeField(null=True, db_index=True)  # to be read again since then
    notes_read_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()  # last time a mirrored field really differed
    followed_at = models.DateTimeField(null=True)  # the change that requests have heard of

    objects = IssueQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "iid"], name="issue_once")]
        indexes = [models.Index(fields=["changed_at", "id"], name="issue_followed")]

    def __str__(self) -> str:
        return f"#{self.iid} {self.title}"

    @property
    def key(self) -> IssueKey:
        """Where it lives in its GitLab instance; expects `project` to be loaded."""
        return IssueKey(self.project.project_id, self.iid)

    @property
    def is_shown_to_customers(self) -> bool:
        """The queryset's rule for one row; expects `project` to be loaded."""
        is_public = self.project.is_public and not self.is_confidential
        seen = is_public or bool(self.public_title)
        return seen and not self.is_gone and not self.project.is_lost

    @property
    def title_for_customers(self) -> str:
        return self.public_title or self.title
