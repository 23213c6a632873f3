"""Accounts mirrored from Salesforce, the domains that lead to them, and who belongs to them."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class Health(models.TextChoices):
    GREEN = "green", "Green"
    YELLOW = "yellow", "Yellow"
    RED = "red", "Red"
    UNKNOWN = "unknown", "Unknown"


class Account(models.Model):
    """A customer organisation. Salesforce is the truth; ARR is in the corporate currency."""

    salesforce_id = models.CharField("Salesforce id", max_length=18, unique=True)
    name = models.CharField(max_length=255)
    arr = models.DecimalField("ARR", max_digits=14, decimal_places=2, null=True, blank=True)
    seats = models.PositiveIntegerField(null=True, blank=True)
    renewal_on = models.DateField("renewal", null=True, blank=True)
    health = models.CharField(max_length=8, choices=Health, default=Health.UNKNOWN)
    is_strategic = models.BooleanField("strategic", default=False)
    segment = models.CharField(max_length=40, blank=True)
    tam = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="managed_accounts",
        verbose_name="TAM",
    )
    tam_name = models.CharField("TAM in Salesforce", max_length=120, blank=True)
    refreshed_at = models.DateTimeField()
    changed_at = models.DateTimeField(
        default=timezone.now, db_index=True
    )  # a field really differed

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(Lower("name"), name="account_name_lower")]

    def __str__(self) -> str:
        return self.name


class AccountDomain(models.Model):
    """An e-mail domain that belongs to one account; entered by staff, compared exactly."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="domains")
    domain = models.CharField(
        max_length=253, unique=True, help_text="The part after the @, in lower case."
    )

    class Meta:
        ordering = ["domain"]

    def __str__(self) -> str:
        return self.domain


class Membership(models.Model):
    """A person's belonging to an account, and what it rests on.

    Unconfirmed it waits for a TAM; with `ended_at` it was taken away, and no address brings it
    back. A lead sees and manages colleagues.
    """

    class Basis(models.TextChoices):
        CONTACT = "contact", "Salesforce contact"
        DOMAIN = "domain", "E-mail domain"
        INVITATION = "invite", "Invited by a colleague"
        STAFF = "staff", "Entered by staff"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    basis = models.CharField(max_length=8, choices=Basis)
    is_confirmed = models.BooleanField(
        default=True, help_text="The first member of a domain waits for a TAM."
    )
    is_lead = models.BooleanField(
        "lead", default=False, help_text="Sees, invites and removes colleagues."
    )
    address = models.EmailField(
        max_length=254, blank=True, help_text="The proven address it rests on."
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "account"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.account}"
