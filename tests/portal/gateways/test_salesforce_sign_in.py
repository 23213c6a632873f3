"""How we sign in to Salesforce, once and again, and where the token may go."""

import socket
import threading
from urllib.parse import parse_qs

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from portal.gateways.errors import Misconfigured, Unavailable
from portal.gateways.salesforce import (
    ClientCredentials,
    FieldNames,
    JwtBearer,
    SalesforceGateway,
)
from portal.gateways.salesforce.door import is_salesforce, read_domain
from tests.portal.gateways.salesforce_answers import (
    EMPTY,
    EXPIRED,
    SECRET,
    TOKEN,
    after_sign_in,
    fail,
    open_gateway,
)
from tests.portal.gateways.scripted import Answer, Asked, Scripted, say, say_in_turn, serve


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class TestSignIn:
    def open_with_key(
        self, server: Scripted, domain: str, key: rsa.RSAPrivateKey
    ) -> SalesforceGateway:
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()
        return SalesforceGateway(
            domain,
            credentials=JwtBearer("portal@acme.example", "the-app", pem),
            fields=FieldNames(),
            endpoint=server.url,
        )

    @pytest.mark.parametrize(
        ("domain", "audience"),
        [
            ("login", "https://login.salesforce.com"),
            ("test", "https://test.salesforce.com"),
            ("acme.my", "https://login.salesforce.com"),
            ("acme--uat.sandbox.my", "https://test.salesforce.com"),
        ],
    )
    def test_with_a_signed_assertion(
        self, domain: str, audience: str, key: rsa.RSAPrivateKey
    ) -> None:
        with serve(after_sign_in(EMPTY)) as server:
            self.open_with_key(server, domain, key).check()
            form = parse_qs(server.asked[0].body.decode())
        assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
        claims = jwt.decode(
            form["assertion"][0], key.public_key(), algorithms=["RS256"], audience=audience
        )
        assert (claims["iss"], claims["sub"]) == ("the-app", "portal@acme.example")

    def test_with_a_secret(self) -> None:
        with serve(after_sign_in(EMPTY)) as server:
            open_gateway(server).check()
            sign_in, query = server.asked
        assert sign_in.body == b"grant_type=client_credentials"
        assert query.headers["authorization"] == "Bearer 00D!session"

    def test_a_secret_needs_a_my_domain(self) -> None:
        with serve(EMPTY) as server:
            with pytest.raises(Misconfigured):
                open_gateway(server, domain="login").check()
            assert server.asked == []

    def test_a_key_that_cannot_be_read(self) -> None:
        gateway = SalesforceGateway(
            "login", credentials=JwtBearer("u", "c", "not a key " + SECRET), fields=FieldNames()
        )
        with pytest.raises(Misconfigured) as caught:
            gateway.check()
        assert SECRET not in str(caught.value)

    def test_refused(self) -> None:
        answer = say(400, {"error": "invalid_grant", "error_description": "user hasn't approved"})
        failure = fail(answer)
        assert isinstance(failure, Misconfigured)
        assert "invalid_grant" in str(failure)

    @pytest.mark.parametrize(
        "answer",
        [
            say(503, b"<html>down</html>"),
            say(500, {"error": "unknown_error"}),
            say(200, b"<html>hello</html>"),
            say(200, {"access_token": None, "instance_url": None}),
            say(200, []),
        ],
    )
    def test_in_trouble(self, answer: Answer) -> None:
        assert isinstance(fail(answer), Unavailable)

    def test_an_instance_elsewhere_gets_no_token(self) -> None:
        answer = say(200, {**TOKEN, "instance_url": "https://salesforce.com.evil.example"})
        assert isinstance(fail(answer), Misconfigured)

    def test_secrets_do_not_show(self) -> None:
        shown = repr(JwtBearer("user", "the-app", SECRET)) + repr(ClientCredentials("x", SECRET))
        assert SECRET not in shown


class TestExpiredSession:
    def test_one_new_sign_in_and_the_work_goes_on(self) -> None:
        with serve(after_sign_in(say_in_turn(EMPTY, EXPIRED, EMPTY))) as server:
            gateway = open_gateway(server)
            gateway.check()
            gateway.check()
            assert count_sign_ins(server) == 2

    def test_a_401_that_stays_is_misconfigured_and_not_a_loop(self) -> None:
        with serve(after_sign_in(EXPIRED)) as server:
            gateway = open_gateway(server)
            with pytest.raises(Misconfigured):
                gateway.check()
            assert len(server.asked) == 4
            assert count_sign_ins(server) == 2

    def test_in_the_middle_of_a_long_list(self) -> None:
        first = say(
            200,
            {
                "done": False,
                "records": [{"Id": "a"}],
                "nextRecordsUrl": "/services/data/q/01g-2000",
            },
        )
        last = say(200, {"done": True, "records": [{"Id": "b"}]})
        with serve(after_sign_in(say_in_turn(first, EXPIRED, last))) as server:
            rows = list(open_gateway(server)._query("SELECT Id FROM Account"))
        assert [row["Id"] for row in rows] == ["a", "b"]

    def test_two_threads_sign_in_again_once(self) -> None:
        both_expired = threading.Barrier(2, timeout=5)
        left = [1, 1]

        def answer(asked: Asked, connection: socket.socket) -> None:
            if left:
                left.pop()
                both_expired.wait()
                EXPIRED(asked, connection)
            else:
                EMPTY(asked, connection)

        with serve(after_sign_in(EMPTY)) as server:
            gateway = open_gateway(server)
            gateway.check()
            server.answer = after_sign_in(answer)
            threads = [threading.Thread(target=gateway.check) for _ in range(2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(5)
            assert count_sign_ins(server) == 2


def count_sign_ins(server: Scripted) -> int:
    return sum(asked.path == "/services/oauth2/token" for asked in server.asked)


class TestHosts:
    @pytest.mark.parametrize(
        ("url", "expected"),
        [
            ("https://login.salesforce.com/services", True),
            ("https://acme.my.salesforce.com", True),
            ("https://ACME.MY.SALESFORCE.COM", True),
            ("http://acme.my.salesforce.com", False),
            ("https://acme.my.salesforce.com:8443", False),
            ("https://evilsalesforce.com", False),
            ("https://salesforce.com.evil.example", False),
            ("https://acme.my.salesforce.com@evil.example/x", False),
            ("https://evil.example/?x=.salesforce.com", False),
            ("https://evil.example#.salesforce.com", False),
            ("https://127.0.0.1/", False),
        ],
    )
    def test_only_under_salesforce(self, url: str, expected: bool) -> None:
        assert is_salesforce(url) is expected

    @pytest.mark.parametrize("tail", ["@evil.example/x", ".evil.example/x"])
    def test_a_next_part_elsewhere_does_not_get_the_token(self, tail: str) -> None:
        part = say(200, {"done": False, "records": [], "nextRecordsUrl": tail})
        assert isinstance(fail(after_sign_in(part)), Misconfigured)

    @pytest.mark.parametrize("text", ["acme.my", "https://acme.my.salesforce.com/", " acme.my "])
    def test_a_my_domain_in_any_spelling(self, text: str) -> None:
        assert read_domain(text) == "acme.my"

    @pytest.mark.parametrize("text", ["", "evil.example/x", "a b", "user@host", "evil.example#"])
    def test_what_is_no_domain(self, text: str) -> None:
        with pytest.raises(Misconfigured):
            read_domain(text)
