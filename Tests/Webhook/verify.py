"""Verifies webhooks with independent implementations: standardwebhooks for v1, cryptography for v1a.

Reads one JSON object a line: {"secret", "id", "timestamp", "signature", "body"}; writes "ok" or "refused: why" a line.
A secret that begins with whpk_ is an ed25519 public key. standardwebhooks checks the timestamp against the clock, so
the timestamps must be of now.
"""

import base64
import json
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks.webhooks import Webhook, WebhookVerificationError


def verify_v1(case):
    headers = {
        "webhook-id": case["id"],
        "webhook-timestamp": case["timestamp"],
        "webhook-signature": case["signature"],
    }
    Webhook(case["secret"]).verify(case["body"], headers)


def verify_v1a(case):
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(case["secret"].removeprefix("whpk_")))
    content = f"{case['id']}.{case['timestamp']}.{case['body']}".encode()
    for signature in case["signature"].split(" "):
        version, _, text = signature.partition(",")
        if version != "v1a":
            continue
        try:
            key.verify(base64.b64decode(text, validate=True), content)
            return
        except InvalidSignature:
            continue
    raise WebhookVerificationError("no v1a signature is this key's")


for line in sys.stdin:
    case = json.loads(line)
    try:
        (verify_v1a if case["secret"].startswith("whpk_") else verify_v1)(case)
        print("ok")
    except WebhookVerificationError as error:
        print(f"refused: {error}")
