"""Fixtures for everything that talks to GitLab or Salesforce: one sandbox process per session."""

from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from portal.sandbox.client import Sandbox
from portal.sandbox.spawn import start_sandbox


@pytest.fixture(scope="session")
def salesforce_key_pem() -> str:
    """The private key whose public half the sandbox knows for `sandbox-consumer`."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def read_public_half(private_pem: str) -> str:
    key = serialization.load_pem_private_key(private_pem.encode(), None)
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return public.decode()


@pytest.fixture(scope="session")
def sandbox_process(salesforce_key_pem: str) -> Iterator[Sandbox]:
    """The running process, whatever state the last test left it in."""
    with start_sandbox() as handle:
        handle.register_key(read_public_half(salesforce_key_pem))
        yield handle


@pytest.fixture
def sandbox(sandbox_process: Sandbox) -> Iterator[Sandbox]:
    """Empty: users, tokens and three projects without issues. Gates are opened afterwards."""
    sandbox_process.reset()
    yield sandbox_process
    sandbox_process.reset()


@pytest.fixture
def sandbox_world(sandbox_process: Sandbox) -> Iterator[Sandbox]:
    """The demo world."""
    sandbox_process.reset(world=True)
    yield sandbox_process
    sandbox_process.reset()
