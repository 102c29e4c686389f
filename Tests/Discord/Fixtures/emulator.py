"""A Discord webhook server for tests, written from Discord's documentation of "Execute Webhook", embeds and rate limits.

Strict where Discord is: sizes (UTF-16 units), names, empty messages, mentions, wait=true, a User-Agent. The webhook's id says how
it behaves: 1... keeps the documented bucket (5 in 2 s); 404 is gone; 401 has a wrong token; 429 asks once to wait although some
are left; 430 asks everybody to wait; 500 fails once; 900 takes the message and answers too late.
Prints its port; GET /log is everything that was taken, as JSON.
"""
import json
import re
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LOCK = threading.Lock()
TAKEN, SEEN, BUCKETS = [], {}, {}


def units(text):
    return len(text.encode("utf-16-le")) // 2


def faults(message):
    found = []

    def text(value, most, where):
        if value is None:
            return
        if not isinstance(value, str):
            found.append(where + " is no text")
        elif units(value) > most:
            found.append(f"{where} has {units(value)} of {most}")

    text(message.get("content"), 2000, "content")
    name = message.get("username")
    text(name, 80, "username")
    if name is not None and (not name or re.search("clyde|discord", name, re.I)):
        found.append("username")
    embeds = message.get("embeds", [])
    if len(embeds) > 10:
        found.append("embeds")
    total = 0
    for embed in embeds:
        text(embed.get("title"), 256, "title")
        text(embed.get("description"), 4096, "description")
        total += sum(units(embed.get(part) or "") for part in ("title", "description"))
        if "timestamp" in embed and not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", embed["timestamp"]):
            found.append("timestamp")
        if not 0 <= embed.get("color", 0) <= 0xFFFFFF:
            found.append("color")
    if total > 6000:
        found.append("embeds have over 6000")
    mentions = message.get("allowed_mentions")
    if not isinstance(mentions, dict) or not isinstance(mentions.get("parse"), list):
        found.append("allowed_mentions.parse is missing: everybody could be called")
    if not (message.get("content") or "").strip() and not embeds:
        found.append("empty")
    unknown = set(message) - {"content", "username", "avatar_url", "embeds", "allowed_mentions", "thread_name"}
    return found + [f"unknown {member}" for member in unknown]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, document, headers=()):
        body = json.dumps(document).encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except BrokenPipeError:
            pass  # the sender gave up waiting, as a test wants

    def do_GET(self):
        with LOCK:
            self.answer(200, TAKEN)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        match = re.fullmatch(r"/api/(?:v10/)?webhooks/(\d+)/token\?wait=true(?:&thread_id=(\d+))?", self.path)
        if not match:
            return self.answer(404, {"message": "404: Not Found", "code": 0})
        webhook, thread = match.groups()
        with LOCK:
            SEEN[webhook] = SEEN.get(webhook, 0) + 1
            first = SEEN[webhook] == 1
            now = time.monotonic()
            ends, left = BUCKETS.get(webhook, (0, 0))
            if now >= ends:
                ends, left = now + 2, 5
            BUCKETS[webhook] = (ends, left - 1)
        fields = [
            ("X-RateLimit-Limit", "5"), ("X-RateLimit-Remaining", str(max(left - 1, 0))),
            ("X-RateLimit-Reset-After", f"{ends - now:.3f}"), ("X-RateLimit-Bucket", "b" + webhook),
        ]
        if webhook == "404":
            return self.answer(404, {"message": "Unknown Webhook", "code": 10015}, fields)
        if webhook == "401":
            return self.answer(401, {"message": "Invalid Webhook Token", "code": 50027}, fields)
        if webhook in ("429", "430") and first or left <= 0:
            glob = webhook == "430"
            waits = {"message": "You are being rate limited.", "retry_after": 0.321, "global": glob}
            extra = [("Retry-After", "1"), ("X-RateLimit-Scope", "global" if glob else "shared")]
            if glob:
                extra.append(("X-RateLimit-Global", "true"))
            return self.answer(429, waits, fields + extra)
        if webhook == "500" and first:
            return self.answer(502, {"message": "upstream"}, fields)
        try:
            message = json.loads(body)
        except ValueError:
            return self.answer(400, {"message": "Cannot parse JSON", "code": 50109}, fields)
        wrong = faults(message)
        if "DiscordBot" not in (self.headers["User-Agent"] or ""):
            wrong.append("User-Agent")
        if wrong:
            return self.answer(400, {"message": "Invalid Form Body: " + "; ".join(wrong), "code": 50035}, fields)
        with LOCK:
            TAKEN.append({"webhook": webhook, "thread": thread, "message": message})
            number = len(TAKEN)
        if webhook == "900":
            time.sleep(1.5)
        self.answer(200, {"id": str(9000 + number), "type": 0, "content": message.get("content", "")}, fields)


class Server(ThreadingHTTPServer):
    daemon_threads = True


server = Server(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
threading.Thread(target=lambda: (sys.stdin.read(), server.shutdown()), daemon=True).start()
server.serve_forever()
