"""A Discord webhook server for tests, written from Discord's documentation of "Execute Webhook", embeds and rate limits.

Strict where Discord is: sizes (UTF-16 units), names, empty messages, mentions, wait=true, a User-Agent. Strict buckets: a webhook's
window is fixed and told in headers; its channel's is hidden, shared by all its webhooks, and kept both as a fixed window and as a
sliding one. Every message over one of them is a 429; a channel's comes with remaining > 0.

Prints its port. Each line on its input is a command as JSON, answered by a line:
  {"set": ID, "channel": C, "limit": [N, SECONDS], "channel_limit": [N, SECONDS], "script": [...], "refuse": W, "block": W}
    script: what the next requests get, one each: "ok", a status, "429-remaining", "429-shared", "429-global", "429-edge",
            "gone-code", "bad-token", "late" (takes the message, answers too late), "redirect", "html"
    refuse: embeds whose text has this word are named in a 400; block: a message that has this word is refused as a whole
  {"log": true}: everything that was taken, and every status that was answered
"""
import json
import re
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LOCK = threading.Lock()
TAKEN, STATUSES, HOOKS, CHANNELS = [], [], {}, {}


class Bucket:
    def __init__(self, limit, length, slides):
        self.limit, self.length, self.slides = limit, length, slides
        self.ends, self.used, self.times = 0.0, 0, []

    def take(self, now):
        """Seconds to wait; 0 when it is let through."""
        if now >= self.ends:
            self.ends, self.used = now + self.length, 0
        self.times = [t for t in self.times if t > now - self.length]
        if self.used >= self.limit:
            return self.ends - now
        if self.slides and len(self.times) >= self.limit:
            return self.times[0] + self.length - now
        self.used += 1
        self.times.append(now)
        return 0


class Hook:
    def __init__(self, webhook):
        self.channel = "7" + webhook
        self.bucket = Bucket(5, 2.0, False)
        self.script, self.refuse, self.block = [], None, None


def hook(webhook):
    return HOOKS.setdefault(webhook, Hook(webhook))


def channel(name):
    return CHANNELS.setdefault(name, Bucket(30, 60.0, True))


def command(line):
    order = json.loads(line)
    with LOCK:
        if "log" in order:
            return {"taken": TAKEN, "statuses": STATUSES}
        one = hook(order["set"])
        one.channel = order.get("channel", one.channel)
        if "limit" in order:
            one.bucket = Bucket(*order["limit"], False)
        if "channel_limit" in order:
            CHANNELS[one.channel] = Bucket(*order["channel_limit"], True)
        one.script = order.get("script", one.script)
        one.refuse, one.block = order.get("refuse", one.refuse), order.get("block", one.block)
        return {}


def units(text):
    return len(text.encode("utf-16-le")) // 2


def faults(message):
    """Paths of what is wrong, and why."""
    found = []

    def text(value, most, where, least=0):
        if value is None:
            return
        if not isinstance(value, str):
            found.append((where, "Could not interpret the value as string."))
        elif not least <= units(value) <= most:
            found.append((where, f"Must be between {least} and {most} in length."))

    text(message.get("content"), 2000, "content")
    name = message.get("username")
    text(name, 80, "username", 1)
    if name and re.search("clyde|discord", name, re.I):
        found.append(("username", "Username cannot contain this."))
    text(message.get("thread_name"), 100, "thread_name", 1)
    embeds = message.get("embeds", [])
    if len(embeds) > 10:
        found.append(("embeds", "Must be 10 or fewer in length."))
    total = 0
    for index, embed in enumerate(embeds):
        where = f"embeds.{index}"
        if not (embed.get("title") or "").strip() and not (embed.get("description") or "").strip():
            found.append((where + ".description", "This field is required"))
        text(embed.get("title"), 256, where + ".title")
        text(embed.get("description"), 4096, where + ".description")
        total += sum(units(embed.get(part) or "") for part in ("title", "description"))
        if "timestamp" in embed and not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", embed["timestamp"]):
            found.append((where + ".timestamp", "Not a timestamp."))
        if not 0 <= embed.get("color", 0) <= 0xFFFFFF:
            found.append((where + ".color", "Not a colour."))
        for member in set(embed) - {"title", "description", "timestamp", "color"}:
            found.append((where + "." + member, "Unknown."))
    if total > 6000:
        found.append(("embeds", "Embed size exceeds maximum size of 6000"))
    mentions = message.get("allowed_mentions")
    if not isinstance(mentions, dict) or not isinstance(mentions.get("parse"), list):
        found.append(("allowed_mentions.parse", "is missing: everybody could be called"))
    for member in set(message) - {"content", "username", "avatar_url", "embeds", "allowed_mentions", "thread_name"}:
        found.append((member, "Unknown."))
    return found


def form(found):
    errors = {}
    for path, words in found:
        place = errors
        for part in path.split("."):
            place = place.setdefault(part, {})
        place.setdefault("_errors", []).append({"code": "BASE_TYPE_BAD", "message": words})
    return {"message": "Invalid Form Body", "code": 50035, "errors": errors}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def answer(self, status, document, headers=(), body=None):
        body = json.dumps(document).encode() if body is None else body
        with LOCK:
            STATUSES.append(status)
        head = f"HTTP/1.1 {status} X\r\n" + "".join(f"{n}: {v}\r\n" for n, v in headers)
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        try:
            self.wfile.write(head.encode() + body)
        except OSError:
            pass  # the sender gave up waiting, as a test wants

    def limited(self, wait, fields, scope, retry_after=None):
        extra = [("Retry-After", str(int(wait) + 1)), ("X-RateLimit-Scope", scope)]
        if scope == "global":
            extra.append(("X-RateLimit-Global", "true"))
        document = {"message": "You are being rate limited.", "retry_after": round(wait, 3), "global": scope == "global"}
        self.answer(429, document, list(fields) + extra)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        match = re.fullmatch(r"/api/(?:v10/)?webhooks/(\d+)/token\?wait=true(?:&thread_id=(\d+))?", self.path)
        if not match:
            return self.answer(404, {"message": "404: Not Found", "code": 0})
        webhook, thread = match.groups()
        with LOCK:
            now = time.monotonic()
            one = hook(webhook)
            told = one.bucket.take(now)
            hidden = 0 if told else channel(one.channel).take(now)
            step = one.script.pop(0) if one.script else "ok"
            bucket = one.bucket
        fields = [
            ("X-RateLimit-Limit", bucket.limit), ("X-RateLimit-Remaining", bucket.limit - bucket.used),
            ("X-RateLimit-Reset-After", f"{bucket.ends - now:.3f}"), ("X-RateLimit-Bucket", "b"),
        ]
        if told:
            return self.limited(told, fields, "user")
        if hidden:
            return self.limited(hidden, fields, "shared")
        if step not in ("ok", "late"):
            return self.act(step, fields)
        self.judge(body, one, webhook, thread, fields, step == "late")

    def act(self, step, fields):
        if step == "429-remaining":
            return self.limited(0.321, fields, "user")
        if step == "429-shared":
            return self.limited(0.321, fields, "shared")
        if step == "429-global":
            return self.limited(0.321, fields, "global")
        if step == "429-edge":
            return self.answer(429, None, [("Retry-After", "2")], b"error code: 1015")
        if step == "gone-code":
            return self.answer(400, {"message": "Unknown Webhook", "code": 10015}, fields)
        if step == "bad-token":
            return self.answer(401, {"message": "Invalid Webhook Token", "code": 50027}, fields)
        if step == "redirect":
            return self.answer(302, {}, [("Location", "http://127.0.0.1:1/")])
        if step == "html":
            return self.answer(200, None, fields, b"<html>")
        if step == "503-wait":
            return self.answer(503, {"message": "Service Unavailable"}, [("Retry-After", "7")])
        document = {"message": "No", "code": 50001 if step == 403 else 0}
        return self.answer(step, {"message": "Unknown Webhook", "code": 10015} if step == 404 else document, fields)

    def judge(self, body, one, webhook, thread, fields, is_late):
        try:
            message = json.loads(body)
        except ValueError:
            return self.answer(400, {"message": "Cannot parse JSON", "code": 50109}, fields)
        wrong = faults(message)
        if "DiscordBot" not in (self.headers["User-Agent"] or ""):
            wrong.append(("user_agent", "is missing"))
        for index, embed in enumerate(message.get("embeds", [])):
            if one.refuse and one.refuse in embed.get("description", ""):
                wrong.append((f"embeds.{index}.description", "This one is refused."))
        if wrong:
            return self.answer(400, form(wrong), fields)
        if one.block and one.block in json.dumps(message):
            return self.answer(400, {"message": "Message blocked by harmful links filter", "code": 240000}, fields)
        if not (message.get("content") or "").strip() and not message.get("embeds"):
            return self.answer(400, {"message": "Cannot send an empty message", "code": 50006}, fields)
        with LOCK:
            TAKEN.append({"webhook": webhook, "thread": thread, "message": message})
            number = len(TAKEN)
        if is_late:
            time.sleep(1.5)
        made = {"id": str(9000 + number), "type": 0, "channel_id": thread or one.channel}
        self.answer(200, made, fields)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


server = Server(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, flush=True)
for line in sys.stdin:
    print(json.dumps(command(line)), flush=True)
