"""Verifies webhooks with the independent implementation on PyPI.

Reads one JSON object a line: {"secret", "id", "timestamp", "signature", "body"}; writes "ok" or "refused: why" a line.
The library checks the timestamp against the clock, so the timestamps must be of now.
"""

import json
import sys

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

for line in sys.stdin:
    case = json.loads(line)
    headers = {
        "webhook-id": case["id"],
        "webhook-timestamp": case["timestamp"],
        "webhook-signature": case["signature"],
    }
    try:
        Webhook(case["secret"]).verify(case["body"], headers)
        print("ok")
    except WebhookVerificationError as error:
        print(f"refused: {error}")
