"""Verifies a webhook with PyPI's standardwebhooks: secret as argument; {"headers": {...}, "body": "..."} on standard
input. Prints what it says: "verified", or why not."""

import json
import sys

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

request = json.load(sys.stdin)
try:
    Webhook(sys.argv[1]).verify(request["body"], request["headers"])
    print("verified")
except WebhookVerificationError as error:
    print(f"refused: {error}")
