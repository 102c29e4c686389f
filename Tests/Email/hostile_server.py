"""A server on loopback that is hostile: raw sockets, each connection by a script of its own.

argv[1] is JSON: {"certificate", "key", "connections": [[[VERB, ARGUMENT], …], …]}. A connection beyond the last one is
polite: plain SMTP that takes every mail, and offers SMTPUTF8. The verbs:
  say TEXT      writes it                        drip TEXT   writes it byte by byte, each in a packet of its own
  hear PREFIX   reads a line, which must begin so; else the script ends with an event `wrong`
  body          reads up to the line of one dot  skip        the same, and tells of no mail
  bytes N       reads N bytes of whatever comes
  tls           begins TLS                       flood TEXT  writes it again and again until nobody reads
  long TEXT     writes a megabyte of it
  polite open   goes on as the polite one        pause NAME  waits for the line NAME on standard input
  close         ends the connection (FIN)        reset       ends it (RST)
  hang          says nothing and reads on until the client goes
  listen        the same, line by line, so that what is heard is told

Writes JSON lines as smtp_server.py does: ready, connect, end, sync, `mail`; `command` for every line heard, `name` being the
connection's number from 0; and `wrong`.
"""

import base64
import json
import os
import socket
import ssl
import struct
import sys
import threading

script = json.loads(sys.argv[1])
output = threading.Lock()
passed = set()
passing = threading.Condition()


def tell(**event):
    with output:
        sys.stdout.write(json.dumps(event) + "\n")
        sys.stdout.flush()


class Gone(Exception):
    pass


class Connection:
    def __init__(self, number, peer):
        self.number = number
        self.socket = peer
        self.buffer = b""
        self.envelope = []

    def fill(self):
        data = self.socket.recv(65536)
        if not data:
            raise Gone
        self.buffer += data

    def line(self):
        while b"\n" not in self.buffer:
            self.fill()
        line, self.buffer = self.buffer.split(b"\n", 1)
        text = line.rstrip(b"\r").decode("utf-8", "replace")
        tell(event="command", name=str(self.number), line=text)
        return text

    def say(self, text):
        self.socket.sendall(text.encode())

    def drip(self, text):
        for byte in text.encode():
            self.socket.sendall(bytes([byte]))

    def hear(self, prefix):
        line = self.line()
        if not line.upper().startswith(prefix):
            tell(event="wrong", line=f"{line} instead of {prefix}")
            raise Gone
        if prefix in ("MAIL", "RCPT"):
            self.envelope.append(line[line.index("<") + 1:line.index(">")])

    def skip(self, _):
        # The client may go on with its next mail at once: the refusal is there already.
        while b"\r\n.\r\n" not in self.buffer:
            self.buffer = self.buffer[-4:]
            self.fill()
        self.buffer = self.buffer.split(b"\r\n.\r\n", 1)[1]

    def body(self, _=None):
        while not (self.buffer.startswith(b".\r\n") or b"\r\n.\r\n" in self.buffer):
            self.fill()
        if self.buffer.startswith(b".\r\n"):
            content, self.buffer = b"", self.buffer[3:]
        else:
            content, self.buffer = self.buffer.split(b"\r\n.\r\n", 1)
            content += b"\r\n"
        if content.startswith(b".."):
            content = content[1:]
        content = content.replace(b"\r\n..", b"\r\n.")
        sender, *recipients = self.envelope
        tell(event="mail", sender=sender, recipients=recipients, options=[], secured=isinstance(self.socket, ssl.SSLSocket),
             user="", content=base64.b64encode(content).decode())
        self.envelope = []

    def bytes(self, count):
        count = int(count)
        while len(self.buffer) < count:
            self.fill()
        self.buffer = self.buffer[count:]

    def tls(self, _):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(script["certificate"], script["key"])
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.buffer = b""

    def flood(self, text):
        piece = text.encode() * max(1, 65536 // len(text.encode()))
        while True:
            self.socket.sendall(piece)

    def long(self, text):
        self.say(text * (1_048_576 // len(text)))

    def pause(self, name):
        with passing:
            passing.wait_for(lambda: name in passed)

    def close(self, _):
        raise Gone

    def reset(self, _):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Gone

    def hang(self, _):
        # Reads, for else the client's end would not be seen.
        while True:
            self.fill()
            self.buffer = b""

    def listen(self, _):
        while True:
            self.line()

    def polite(self, is_open):
        if not is_open:
            self.say("220 polite ESMTP\r\n")
        while True:
            line = self.line()
            verb = line.upper()
            if verb.startswith("EHLO"):
                self.say("250-polite\r\n250-SMTPUTF8\r\n250 8BITMIME\r\n")
            elif verb.startswith("MAIL"):
                self.envelope = [line[line.index("<") + 1:line.index(">")]]
                self.say("250 2.1.0 Ok\r\n")
            elif verb.startswith("RCPT"):
                self.envelope.append(line[line.index("<") + 1:line.index(">")])
                self.say("250 2.1.5 Ok\r\n")
            elif verb.startswith("DATA"):
                self.say("354 go on\r\n")
                self.body()
                self.say("250 2.0.0 Ok: queued as 4XyZ7q\r\n")
            elif verb.startswith("QUIT"):
                self.say("221 2.0.0 Bye\r\n")
                return
            else:
                self.say("500 5.5.1 what?\r\n")

    def run(self):
        tell(event="connect")
        try:
            if self.number < len(script["connections"]):
                for verb, argument in script["connections"][self.number]:
                    getattr(self, verb)(argument)
            else:
                self.polite(None)
        except (Gone, OSError):
            pass
        finally:
            self.socket.close()
            tell(event="end")


def serve():
    server = socket.socket()
    # A mail of some megabytes must not vanish in it.
    server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
    server.bind(("127.0.0.1", 0))
    server.listen(64)
    tell(event="ready", port=server.getsockname()[1])
    number = 0
    while True:
        peer, _ = server.accept()
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=Connection(number, peer).run, daemon=True).start()
        number += 1


threading.Thread(target=serve, daemon=True).start()
for line in sys.stdin:
    if line.strip().isdigit():
        tell(event="sync", port=int(line))
    else:
        with passing:
            passed.add(line.strip())
            passing.notify_all()
os._exit(0)
