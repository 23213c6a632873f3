"""The token endpoint: JWT bearer and client credentials.

https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_jwt_flow.htm
"""

import base64
import binascii
import hmac
import secrets
import time
from typing import Any

import jwt

from portal.sandbox.salesforce.records import LOGIN
from portal.sandbox.state import SalesforceState
from portal.sandbox.wire import Answer, Request, Response, json_response

JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
MY_DOMAIN = "https://larkfield.my.salesforce.com"
AUDIENCES = ("https://login.salesforce.com", "https://test.salesforce.com", MY_DOMAIN)
LONGEST_SECONDS = 300
SKEW_SECONDS = 30


def answer_token(state: SalesforceState, request: Request) -> Response:
    try:
        form = request.form
    except (ValueError, UnicodeDecodeError):
        raise _refuse("invalid_request", "unreadable request") from None
    grant = form.get("grant_type")
    if grant == JWT_GRANT:
        check_assertion(state, str(form.get("assertion", "")))
    elif grant == "client_credentials":
        check_client(state, request, form)
    else:
        raise _refuse("unsupported_grant_type", "grant type not supported")
    return json_response(_make_session(state))


def _refuse(error: str, words: str, status: int = 400) -> Answer:
    return Answer(json_response({"error": error, "error_description": words}, status))


def check_assertion(state: SalesforceState, assertion: str) -> None:
    """RS256 by the issuer's registered key, an audience of ours, not expired, a known user."""
    try:
        claims = jwt.decode(assertion, options={"verify_signature": False})
        key = state.keys.get(str(claims.get("iss")))
        if key is None:
            raise _refuse("invalid_client_id", "client identifier invalid")
        claims = jwt.decode(
            assertion,
            key,
            algorithms=["RS256"],
            leeway=SKEW_SECONDS,
            options={"verify_aud": False, "require": ["iss", "sub", "aud", "exp"]},
        )
    except jwt.ExpiredSignatureError:
        raise _refuse("invalid_grant", "expired authorization code") from None
    except jwt.InvalidTokenError:
        raise _refuse("invalid_grant", "invalid assertion") from None
    if claims["aud"] not in AUDIENCES:
        raise _refuse("invalid_grant", "audience is invalid")
    if float(claims["exp"]) > time.time() + LONGEST_SECONDS + SKEW_SECONDS:
        raise _refuse("invalid_grant", "assertion lives too long")
    users = state.rows.get("User", {}).values()
    if not any(user["Username"] == claims["sub"] and user["IsActive"] for user in users):
        raise _refuse("invalid_grant", "user hasn't approved this consumer")


def check_client(state: SalesforceState, request: Request, form: dict[str, Any]) -> None:
    consumer, secret = str(form.get("client_id", "")), str(form.get("client_secret", ""))
    sent = request.headers.get("Authorization") or ""
    if sent.startswith("Basic "):
        try:
            consumer, _, secret = base64.b64decode(sent[6:]).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise _refuse("invalid_client", "invalid client credentials") from None
    known = state.secrets.get(consumer)
    if known is None:
        raise _refuse("invalid_client_id", "client identifier invalid")
    if not hmac.compare_digest(known.encode(), secret.encode()):
        raise _refuse("invalid_client", "invalid client credentials")


def _make_session(state: SalesforceState) -> dict[str, Any]:
    session = f"00DSb0000000001!{secrets.token_urlsafe(40)}"
    state.sessions.add(session)
    users = state.rows.get("User", {}).values()
    user_id = next((u["Id"] for u in users if u["Username"] == LOGIN), "")
    return {
        "access_token": session,
        "scope": "api web",
        "instance_url": MY_DOMAIN,
        "id": f"https://login.salesforce.com/id/00DSb0000000001EAA/{user_id}",
        "token_type": "Bearer",
        "api_instance_url": "https://api.salesforce.com",
    }
