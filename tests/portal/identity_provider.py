"""A company's OpenID Connect service on loopback: real HTTP, real signatures, one person.

It insists on what a strict service insists on: the redirect address, the client's secret, a code
that is used once, and the proof key (PKCE). `lies` makes it answer wrongly.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "portal", "a secret between the two"


class IdentityProvider:
    """`claims` is what it says of whoever signs in there."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {}
        self.lies: dict[str, Any] = {}  # of the id token, or `userinfo` as a whole
        self.asked: list[dict[str, str]] = []  # what came to its sign-in page
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.codes: dict[str, dict[str, str]] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), make_handler(self))
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def describe(self, _: dict[str, str], __: str) -> dict[str, Any]:
        names = ("authorization", "token", "userinfo")
        places = {f"{name}_endpoint": f"{self.url}/{name}" for name in names}
        return {"issuer": self.url, "jwks_uri": f"{self.url}/keys", **places}

    def begin(self, query: dict[str, str]) -> str:
        """The person says yes; where their browser is sent back to."""
        self.asked.append(query)
        assert (query["client_id"], query["response_type"]) == (CLIENT_ID, "code")
        code = secrets.token_urlsafe()
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def exchange(self, form: dict[str, str], _: str) -> dict[str, Any]:
        begun = self.codes.pop(form["code"])
        assert form["client_secret"] == CLIENT_SECRET
        assert form["redirect_uri"] == begun["redirect_uri"]
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        assert (begun["code_challenge_method"], begun["code_challenge"]) == ("S256", challenge)
        now = int(time.time())
        token = {"iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 60, **self.claims}
        signed = jwt.encode(token | self.lies, self.key, algorithm="RS256", headers={"kid": "1"})
        return {"access_token": "opens userinfo", "token_type": "Bearer", "id_token": signed}

    def profile(self, _: dict[str, str], bearer: str) -> dict[str, Any]:
        assert bearer == "Bearer opens userinfo"
        told: dict[str, Any] = self.lies.get("userinfo", self.claims)
        return told

    def keys(self, _: dict[str, str], __: str) -> dict[str, Any]:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": "1", "alg": "RS256", "use": "sig"}]}


def make_handler(provider: IdentityProvider) -> type[BaseHTTPRequestHandler]:
    answers = {
        "/.well-known/openid-configuration": provider.describe,
        "/token": provider.exchange,
        "/userinfo": provider.profile,
        "/keys": provider.keys,
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path == "/authorization":
                self.send_response(302)
                self.send_header("Location", provider.begin(query))
                self.send_header("Content-Length", "0")
                self.end_headers()
            else:
                self.answer(parts.path, query)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.answer(self.path, {name: values[0] for name, values in parse_qs(body).items()})

        def answer(self, path: str, given: dict[str, str]) -> None:
            try:
                told, status = answers[path](given, self.headers.get("Authorization", "")), 200
            except (AssertionError, KeyError):
                told, status = {"error": "invalid_grant"}, 400
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Silent."""

    return Handler


@contextmanager
def run_identity_provider() -> Iterator[IdentityProvider]:
    provider = IdentityProvider()
    threading.Thread(target=provider.server.serve_forever, daemon=True).start()
    yield provider
    provider.server.shutdown()
    provider.server.server_close()
