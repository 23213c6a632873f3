"""The second step: secrets kept encrypted, and what our pages call things."""

import base64
from typing import Any, ClassVar

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes

from portal.models import User
from portal.sign_in.account import WRONG_CODE

PURPOSE = b"second step of sign-in"


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """A copy of the database does not open the second step: its key follows from SECRET_KEY."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "unverified_email": "Please confirm your e-mail address first.",
    }

    def encrypt(self, text: str) -> str:
        return make_cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return make_cipher().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return f"Passkey {count + 1}"


class AddKeyForm(AddWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "Name"
        passkey = self.fields["passwordless"]
        passkey.label = "Sign in with it alone"
        passkey.help_text = (
            "Your device then asks for its PIN, a finger or your face, and no code is mailed. "
            "Without the tick it is the second step after the code."
        )
        passkey.initial = True


def make_cipher() -> MultiFernet:
    """Encrypts with today's SECRET_KEY, reads what its predecessors have written."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(derive_key(key))) for key in keys])


def derive_key(secret: str | bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(force_bytes(secret))
