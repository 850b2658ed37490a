"""The reference receiver of Standard Webhooks: reads {secret, headers, body} as JSON and says whether it takes it."""
import json, sys
from standardwebhooks import Webhook, WebhookVerificationError

given = json.load(sys.stdin)
try:
    Webhook(given["secret"]).verify(given["body"], given["headers"])
    print("taken")
except WebhookVerificationError as error:
    print(f"refused: {error}")
