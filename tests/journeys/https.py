"""The portal over https: a certificate made on the spot, and a web process that uses it."""

import sys
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portal.demo.processes import Fleet
from portal.demo.surroundings import HOST, Surroundings


def start_https(fleet: Fleet, around: Surroundings, port: int) -> None:
    """Beside the web process over http: the same database, another SITE_URL."""
    certificate, key = make_certificate(around.folder)
    fleet.update_environment({"SITE_URL": f"https://{HOST}:{port}"})
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST]
    command += ["--port", str(port), "--workers", "1", "--no-ws"]
    command += ["--ssl-certificate", str(certificate), "--ssl-keyfile", str(key)]
    web = fleet.start("https", [*command, "portal.wsgi:application"])
    fleet.update_environment({"SITE_URL": around.site})
    fleet.wait_for(web, r"Started worker-1$")


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Paths of a certificate for this machine, signed by itself, and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), False)
        .sign(key, hashes.SHA256())
    )
    files = folder / "https.crt", folder / "https.key"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].touch(mode=0o600)
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return files
