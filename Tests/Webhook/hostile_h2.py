"""Hostile HTTP/2 servers on 127.0.0.1 over TLS: each agrees on h2, reads a request, and does what its name says.

usage: hostile_h2.py CERTIFICATE KEY
Prints a line with name and port for each behaviour, then "ready"; ends with its standard input.
"""

import socket
import ssl
import struct
import sys
import threading

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST, SETTINGS, PUSH, PING, GOAWAY, WINDOW, CONTINUATION = 0, 1, 3, 4, 5, 6, 7, 8, 9
END_STREAM, END_HEADERS = 1, 4
STATUS_200 = b"\x88"  # HPACK, static table, index 8
FLOOD = 20_000


def frame(kind, flags=0, stream=0, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def literal(name, value):
    return b"\x00" + bytes([len(name)]) + name + bytes([len(value)]) + value


def flood(connection, piece):
    for _ in range(FLOOD):
        connection.sendall(piece)


BEHAVIOURS = {
    "garbage": lambda c: c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" * 20),
    "oversized-frame": lambda c: c.sendall(b"\xff\xff\xff\x00\x00\x00\x00\x00\x01" + b"x" * 100_000),
    "data-before-headers": lambda c: c.sendall(frame(DATA, END_STREAM, 1, b"hello")),
    "bad-hpack": lambda c: c.sendall(frame(HEADERS, END_HEADERS | END_STREAM, 1, b"\xff\xff\xff\xff\xff\xff\xff")),
    "no-status": lambda c: c.sendall(frame(HEADERS, END_HEADERS | END_STREAM, 1, literal(b"x", b"y"))),
    "even-stream": lambda c: c.sendall(frame(HEADERS, END_HEADERS | END_STREAM, 2, STATUS_200)),
    "push": lambda c: c.sendall(frame(PUSH, END_HEADERS, 1, struct.pack(">I", 2) + STATUS_200)),
    "reset": lambda c: c.sendall(frame(RST, 0, 1, struct.pack(">I", 2))),
    "goaway-error": lambda c: c.sendall(frame(GOAWAY, 0, 0, struct.pack(">II", 0, 11))),
    "window-overflow": lambda c: c.sendall(frame(WINDOW, 0, 1, struct.pack(">I", 0x7FFFFFFF)) * 4),
    "window-zero": lambda c: c.sendall(frame(WINDOW, 0, 0, struct.pack(">I", 0))),
    "bad-settings": lambda c: c.sendall(frame(SETTINGS, 0, 0, struct.pack(">HI", 4, 0xFFFFFFFF))),
    "endless-continuation": lambda c: (
        c.sendall(frame(HEADERS, 0, 1, STATUS_200)),
        flood(c, frame(CONTINUATION, 0, 1, literal(b"x-" + b"a" * 50, b"b" * 100))),
    ),
    "interim-flood": lambda c: flood(c, frame(HEADERS, END_HEADERS, 1, literal(b":status", b"103"))),
    "ping-flood": lambda c: flood(c, frame(PING, 0, 0, b"12345678")),
    "settings-flood": lambda c: flood(c, frame(SETTINGS)),
    "rst-flood": lambda c: flood(c, frame(RST, 0, 1, struct.pack(">I", 8))),
    "empty-data-flood": lambda c: (
        c.sendall(frame(HEADERS, END_HEADERS, 1, STATUS_200)),
        flood(c, frame(DATA, 0, 1)),
    ),
    "endless-data": lambda c: (
        c.sendall(frame(HEADERS, END_HEADERS, 1, STATUS_200)),
        flood(c, frame(DATA, 0, 1, b"x" * 16_000)),
    ),
    "silence": lambda c: None,
    "close": lambda c: c.close(),
}


def serve(connection, behave):
    try:
        received = b""
        connection.sendall(frame(SETTINGS))
        # The preface, and the request's HEADERS somewhere behind it.
        while len(received) < len(PREFACE) + 9 or b"\x00\x00\x00\x01" not in received[len(PREFACE) :]:
            piece = connection.recv(65_536)
            if not piece:
                return
            received += piece
        behave(connection)
        while connection.recv(65_536):
            pass
    except (OSError, ValueError):
        pass
    finally:
        connection.close()


def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1], sys.argv[2])
    context.set_alpn_protocols(["h2"])
    for name, behave in BEHAVIOURS.items():
        listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        print(name, listener.getsockname()[1])

        def accept(listener=listener, behave=behave):
            while True:
                client, _ = listener.accept()
                try:
                    connection = context.wrap_socket(client, server_side=True)
                except OSError:
                    continue
                threading.Thread(target=serve, args=(connection, behave), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
    print("ready", flush=True)
    sys.stdin.read()


main()
