"""People: customers and staff, known by their e-mail address."""

import secrets
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


class Role(models.TextChoices):
    CUSTOMER = "customer", "Customer"
    SUBMITTER = "submitter", "Internal submitter"
    TAM = "tam", "Technical account manager"
    PRODUCT_MANAGER = "product_manager", "Product manager"
    ADMINISTRATOR = "administrator", "Administrator"


STAFF_ROLES = frozenset(set(Role) - {Role.CUSTOMER})
TRIAGE_ROLES = frozenset({Role.TAM, Role.PRODUCT_MANAGER, Role.ADMINISTRATOR})


REFERENCE_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"  # base32


def make_person_reference() -> str:
    """What is left of a person after erasure: P- and eight random base32 characters."""
    return "P-" + "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(8))


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)  # None: unusable, people sign in by mailed code
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, **{**fields, "role": Role.ADMINISTRATOR})

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person. The role is given by staff; it never follows from an e-mail domain."""

    email = models.EmailField("e-mail address", max_length=254)
    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=20, choices=Role, default=Role.CUSTOMER)
    is_active = models.BooleanField("may sign in", default=True)
    reference = models.CharField(max_length=10, unique=True, default=make_person_reference)
    erased_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message="Somebody with this address exists already.",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    @property
    def is_staff(self) -> bool:
        """Works for the vendor: may submit for a customer."""
        return self.role in STAFF_ROLES

    @property
    def may_triage(self) -> bool:
        return self.is_active and self.role in TRIAGE_ROLES

    @property
    def is_superuser(self) -> bool:
        return self.role == Role.ADMINISTRATOR

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Administrators may do everything; other roles are named where they are needed."""
        return self.is_active and self.is_superuser

    def has_perms(self, perm_list: list[str], obj: object = None) -> bool:
        return self.has_perm("", obj)

    def has_module_perms(self, app_label: str) -> bool:
        return self.may_triage
