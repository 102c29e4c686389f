"""Reads mails with Python's email package: an independent parser.

argv[1] is a file with one base64 mail a line; writes a JSON object a line:
{"headers": [[name, value], …] decoded, "parts": [[type, text], …], "type", "boundary", "defects", "longest" (bytes of
the longest line without its end), "lineEnds" (whether every line ends with CRLF and none is bare), "addresses": {header:
[[name, local part, domain], …]}, "date" (seconds since 1970)}.
"""

import base64
import email
import email.header
import email.policy
import email.utils
import json
import re
import sys


def defects(part, fields):
    found = [repr(defect) for defect in part.defects]
    for name, value in fields:
        found += [f"{name}: {defect!r}" for defect in value.defects]
    return found


def unfolded(value):
    return re.sub(r"\r?\n(?=[ \t])", "", str(value))


def text(part):
    # Strictly: what cannot be read is an error here.
    return part.get_payload(decode=True).decode(part.get_content_charset())


def name(value):
    """The name of the one mailbox. By the older half of the package: the newer one, up to Python 3.12, leaves spaces
    between the encoded words of a name (gh-79728), which RFC 2047, section 6.2, takes out."""
    return str(email.header.make_header(email.header.decode_header(email.utils.parseaddr(value)[0])))


def read(raw):
    message = email.message_from_string(raw.decode(), policy=email.policy.SMTP.clone(utf8=True))
    # Each look at a field parses it anew, which takes long.
    fields = list(message.items())
    first = dict(fields)
    inner = [part for part in message.walk() if part is not message]
    plain = email.message_from_string(raw.decode())
    addresses = {
        field: [[name(unfolded(plain[field])), one.username, one.domain] for one in first[field].addresses]
        for field in ("From", "To", "Reply-To") if field in first
    }
    return {
        "headers": [[name, str(value)] for name, value in fields],
        "parts": [[part.get_content_type(), text(part)] for part in inner or [message]],
        "type": message.get_content_type(),
        "boundary": message.get_boundary() or "",
        "defects": defects(message, fields) + [found for part in inner for found in defects(part, part.items())],
        "longest": max(len(line) for line in raw.split(b"\r\n")),
        "lineEnds": raw.endswith(b"\r\n") and not re.search(rb"\r(?!\n)|(?<!\r)\n", raw),
        "leadingDots": bool(re.search(rb"(?m)^\.", raw)),
        "addresses": addresses,
        "date": int(first["Date"].datetime.timestamp()),
    }


for line in open(sys.argv[1], "rb"):
    print(json.dumps(read(base64.b64decode(line))))
