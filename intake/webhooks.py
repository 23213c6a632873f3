"""GitLab's webhooks: verified, stored, answered at once.

https://docs.gitlab.com/user/project/integrations/webhooks/ : GitLab waits ten seconds and switches
a hook off after four failures, so events that mean nothing to us are answered with 200 as well.
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
import time

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from intake.actions.receive_webhook import receive_webhook

LARGEST_BODY = 1024 * 1024
LONGEST_KEY = 100
OLDEST_SIGNATURE = 5 * 60  # seconds
_UNIX_TIME = re.compile(r"[0-9]{1,12}")


@csrf_exempt
@require_POST
def gitlab_webhook(request: HttpRequest) -> HttpResponse:
    """401 for a wrong token, 413 for a body over 1 MiB, 400 for one that is not JSON, else 200."""
    try:
        if int(request.headers.get("Content-Length") or 0) > LARGEST_BODY:
            return HttpResponse(status=413)
        body = request.body
    except (RequestDataTooBig, ValueError):
        return HttpResponse(status=413)
    if not _is_from_gitlab(request, body):
        return HttpResponse(status=401)
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        return HttpResponse(status=400)
    if isinstance(event, dict):
        kind = request.headers.get("X-Gitlab-Event", "")
        receive_webhook(key=_read_key(request, body), kind=kind[:60], body=event)
    return HttpResponse("ok")


def _read_key(request: HttpRequest, body: bytes) -> str:
    """The same for every delivery of one event; GitLab before 17.4 sends none."""
    key = request.headers.get("Idempotency-Key", "")
    return key if 0 < len(key) <= LONGEST_KEY else hashlib.sha256(key.encode() + body).hexdigest()


def _is_from_gitlab(request: HttpRequest, body: bytes) -> bool:
    """By the shared token or by the signature, whichever the hook was given; in constant time."""
    secret = settings.GITLAB_WEBHOOK_SECRET
    if not secret:
        return False
    token = request.headers.get("X-Gitlab-Token", "")
    return hmac.compare_digest(token.encode(), secret.encode()) or _is_signed(
        request, body, secret, request.headers.get("webhook-signature", "")
    )


def _is_signed(request: HttpRequest, body: bytes, secret: str, signature: str) -> bool:
    sent_at = request.headers.get("webhook-timestamp", "")
    if not _UNIX_TIME.fullmatch(sent_at) or abs(time.time() - int(sent_at)) > OLDEST_SIGNATURE:
        return False
    signed = f"{request.headers.get('webhook-id', '')}.{sent_at}.".encode() + body
    expected = hmac.new(_signing_key(secret), signed, hashlib.sha256).digest()
    wanted = b"v1," + base64.b64encode(expected)
    return any(hmac.compare_digest(one.encode(), wanted) for one in signature.split(" "))


def _signing_key(secret: str) -> bytes:
    """`whsec_` secrets carry the key in base64; any other secret is the key itself."""
    if secret.startswith("whsec_"):
        try:
            return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except binascii.Error:
            return secret.encode()
    return secret.encode()
