"""A company's SAML service on loopback: its metadata over HTTP, its answers really signed."""

import base64
import re
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from onelogin.saml2.utils import OneLogin_Saml2_Utils

ENTITY = "urn:login.larkfield.example"
METADATA = """<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{entity}">
 <IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
  <KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data>
   <X509Certificate>{certificate}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>
  <SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
   Location="https://login.larkfield.example/sso"/>
 </IDPSSODescriptor></EntityDescriptor>"""
ASSERTION = """<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{id}"
 Version="2.0" IssueInstant="{now}"><saml:Issuer>{entity}</saml:Issuer>
 <saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
  >{email}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
  <saml:SubjectConfirmationData NotOnOrAfter="{until}" Recipient="{to}" InResponseTo="{asked}"/>
 </saml:SubjectConfirmation></saml:Subject>
 <saml:Conditions NotBefore="{since}" NotOnOrAfter="{until}"><saml:AudienceRestriction>
  <saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>
 <saml:AuthnStatement AuthnInstant="{now}"><saml:AuthnContext><saml:AuthnContextClassRef
  >urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext>
 </saml:AuthnStatement><saml:AttributeStatement><saml:Attribute Name="groups">
  <saml:AttributeValue>everybody</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>
</saml:Assertion>"""
RESPONSE = """<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="{id}"
 Version="2.0" IssueInstant="{now}" Destination="{to}" InResponseTo="{asked}">
 <saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">{entity}</saml:Issuer>
 <samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
 {assertion}</samlp:Response>"""


class SamlService:
    """Answers for the portal at `portal`, whoever asks it to."""

    def __init__(self, portal: str) -> None:
        self.portal = portal
        self.key, self.certificate = make_key()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), make_handler(self))
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def describe(self) -> str:
        bare = "".join(self.certificate.splitlines()[1:-1])
        return METADATA.format(entity=ENTITY, certificate=bare)

    def answer(self, asked: str, email: str, *, key: str = "", is_signed: bool = True) -> str:
        """What the browser would post back; `key` is another service's."""
        now = datetime.now(UTC)
        words = {
            "asked": asked,
            "audience": f"{self.portal}/metadata/",
            "email": email,
            "entity": ENTITY,
            "now": f"{now:%Y-%m-%dT%H:%M:%SZ}",
            "since": f"{now - timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}",
            "to": f"{self.portal}/acs/",
            "until": f"{now + timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}",
        }
        assertion = ASSERTION.format(id=f"_{uuid4().hex}", **words)
        if is_signed:
            signed = OneLogin_Saml2_Utils.add_sign(assertion, key or self.key, self.certificate)
            assertion = re.sub(r"<\?xml.*?\?>", "", signed.decode())
        whole = RESPONSE.format(id=f"_{uuid4().hex}", assertion=assertion, **words)
        return base64.b64encode(whole.encode()).decode()


def read_question(address: str) -> str:
    """The id of the question that the portal sends the browser away with."""
    packed = parse_qs(urlsplit(address).query)["SAMLRequest"][0]
    found = re.search(r' ID="([^"]+)"', zlib.decompress(base64.b64decode(packed), -15).decode())
    assert found
    return found[1]


def make_key() -> tuple[str, str]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "login")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return pem.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode()


def make_handler(service: SamlService) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(service.describe().encode())

        def log_message(self, *_: object) -> None:
            """Silent."""

    return Handler


@contextmanager
def run_saml_service(portal: str) -> Iterator[SamlService]:
    service = SamlService(portal)
    threading.Thread(target=service.server.serve_forever, daemon=True).start()
    yield service
    service.server.shutdown()
    service.server.server_close()
