"""The same limits over TLS, as in production."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from portal.gateways.deadline import begin_attempt
from portal.gateways.errors import Misconfigured
from portal.gateways.gitlab import GitLabGateway
from portal.gateways.records import IssueKey
from portal.gateways.session import LimitedSession
from tests.portal.gateways.scripted import compose

NEVER = threading.Event()
DRIPPING = compose(200, b"x" * 3000)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def url(certificate: Path) -> Iterator[str]:
    """A TLS server: /slow drips, everything else answers at once; connections stay open."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, args=(listener, context), daemon=True).start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}"


def accept(listener: socket.socket, context: ssl.SSLContext) -> None:
    while True:
        try:
            plain, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=answer, args=(plain, context), daemon=True).start()


def answer(plain: socket.socket, context: ssl.SSLContext) -> None:
    try:
        with context.wrap_socket(plain, server_side=True) as connection:
            while asked := connection.recv(4096):
                if asked.startswith(b"GET /slow"):
                    for byte in DRIPPING:
                        connection.sendall(bytes([byte]))
                        NEVER.wait(0.02)
                connection.sendall(compose(200, b"fine"))
    except OSError:
        return


def open_session(certificate: Path) -> LimitedSession:
    session = LimitedSession(is_allowed=lambda _: True, timeout=5, total=10)
    session.verify = str(certificate)
    return session


def test_a_connection_works_and_is_used_again(url: str, certificate: Path) -> None:
    session = open_session(certificate)
    assert [session.get(url).text for _ in range(3)] == ["fine"] * 3


def test_an_answer_that_drips_is_cut_off(url: str, certificate: Path) -> None:
    started = time.monotonic()
    with begin_attempt(0.5), pytest.raises(requests.RequestException):
        open_session(certificate).get(url + "/slow")
    assert time.monotonic() - started < 2


def test_a_certificate_that_nobody_vouches_for(url: str) -> None:
    with pytest.raises(Misconfigured, match="certificate"):
        GitLabGateway(url, "token").post_note(IssueKey(1, 1), "Hello", is_internal=False)


def test_a_server_that_never_finishes_the_handshake_is_left() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        session = LimitedSession(is_allowed=lambda _: True, timeout=30, total=0.4)
        started = time.monotonic()
        with begin_attempt(0.4) as attempt, pytest.raises(requests.RequestException):
            session.get(f"https://127.0.0.1:{silent.getsockname()[1]}")
        assert time.monotonic() - started < 2
        assert not attempt.was_sent
