"""Clients that mean harm, or are broken, against the control API's Unix socket, and one that means well beside them.

  hostile_client.py SOCKET PROTO_FOLDER SEED MUTATIONS STREAMS     prints what it saw, as JSON

Frames are written by hand (RFC 9113), as no library sends wrong ones. A connection that the server ends is opened anew.
"""

import contextlib
import json
import os
import random
import socket
import struct
import sys
import tempfile
import threading
import time

import grpc
import grpc_tools
import hpack
from google.protobuf import descriptor_pb2
from google.protobuf.message_factory import GetMessages
from grpc_tools import protoc

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RST, SETTINGS, PUSH, PING, GOAWAY, WINDOW, CONTINUATION = range(10)
END_STREAM, END_HEADERS, ACK = 1, 4, 1
PATIENCE = 20.0  # seconds without a byte, after which a connection counts as silent
TOGETHER = 64  # streams that are open at a time
SERVER_WINDOW = 65_535


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def block(method, extra=()):
    """A header block without the dynamic table, so that streams do not depend on each other."""
    fields = [
        (":method", "POST"), (":scheme", "http"), (":path", "/" + method), (":authority", "localhost"),
        ("content-type", "application/grpc"), ("te", "trailers"), ("grpc-timeout", "2S"), *extra,
    ]  # fmt: skip
    parts = []
    for name, value in fields:
        name, value = name.encode(), value.encode()
        parts.append(b"\x00" + number(len(name)) + name + number(len(value)) + value)
    return b"".join(parts)


def number(value):
    """An integer with a 7-bit prefix (RFC 7541, section 5.1)."""
    if value < 127:
        return bytes([value])
    out, value = [127], value - 127
    while value >= 128:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out + [value])


def message(payload):
    return b"\x00" + struct.pack(">I", len(payload)) + payload


class Gone(Exception):
    """The server ended the connection."""


class Connection:
    def __init__(self, path):
        self.path = path
        self.next = 1
        self.window = SERVER_WINDOW
        self.pending = b""
        self.decoder = hpack.Decoder()
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(path)
        settings = struct.pack(">HI", 4, 2**31 - 1)
        self.send(PREFACE + frame(SETTINGS, 0, 0, settings) + frame(WINDOW, 0, 0, struct.pack(">I", 2**31 - 1 - 65_535)))

    def close(self):
        self.socket.close()

    def send(self, data):
        try:
            self.socket.sendall(data)
        except OSError as error:
            raise Gone(str(error)) from None

    def stream(self):
        self.next += 2
        return self.next - 2

    def frames(self):
        """What came, at least one frame."""
        while True:
            found = []
            while len(self.pending) >= 9:
                length = int.from_bytes(self.pending[:3], "big")
                if len(self.pending) < 9 + length:
                    break
                kind, flags = self.pending[3], self.pending[4]
                stream = int.from_bytes(self.pending[5:9], "big") & 0x7FFFFFFF
                found.append((kind, flags, stream, self.pending[9 : 9 + length]))
                self.pending = self.pending[9 + length :]
            for kind, flags, stream, payload in found:
                self.housekeep(kind, flags, stream, payload)
            if found:
                return found
            try:
                data = self.socket.recv(1 << 16)
            except TimeoutError:
                raise Gone("silent") from None
            except OSError as error:
                raise Gone(str(error)) from None
            if not data:
                raise Gone("closed")
            self.pending += data

    def housekeep(self, kind, flags, stream, payload):
        if kind == SETTINGS and not flags & ACK:
            self.send(frame(SETTINGS, ACK, 0))
        elif kind == PING and not flags & ACK:
            self.send(frame(PING, ACK, 0, payload))
        elif kind == WINDOW and stream == 0:
            self.window += int.from_bytes(payload, "big")

    def exchange(self, calls, counts):
        """Sends calls (method, bytes of the body) at the same time and counts their ends."""
        open_streams, out, size = set(), b"", 0
        for method, body in calls:
            stream = self.stream()
            open_streams.add(stream)
            out += frame(HEADERS, END_HEADERS, stream, block(method)) + frame(DATA, END_STREAM, stream, body)
            size += len(body)
        while self.window < size:
            self.frames()
        self.window -= size
        self.send(out)
        while open_streams:
            for kind, flags, stream, payload in self.frames():
                if kind == GOAWAY:
                    raise Gone("goaway")
                status = None
                if kind == HEADERS:
                    fields = dict(self.decoder.decode(payload))
                    status = fields.get("grpc-status", None)
                if kind == RST:
                    status = "reset"
                if stream in open_streams and (kind == RST or flags & END_STREAM and kind in (DATA, HEADERS)):
                    open_streams.discard(stream)
                    counts[status or "none"] = counts.get(status or "none", 0) + 1


class Requests:
    """Every method with requests that look right."""

    def __init__(self, protos, seed):
        self.random = random.Random(seed)
        well_known = os.path.join(os.path.dirname(grpc_tools.__file__), "_proto")
        names = sorted(os.listdir(os.path.join(protos, "carillon", "v1")))
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "set")
            status = protoc.main(
                ["protoc", f"-I{protos}", f"-I{well_known}", "--include_imports", f"--descriptor_set_out={path}"]
                + [f"carillon/v1/{name}" for name in names]
            )
            if status != 0:
                sys.exit("protoc refuses the protos")
            files = descriptor_pb2.FileDescriptorSet()
            with open(path, "rb") as file:
                files.ParseFromString(file.read())
        types = GetMessages(files.file)
        self.methods = [
            (f"{file.package}.{service.name}/{method.name}", types[method.input_type[1:]])
            for file in files.file
            for service in file.service
            for method in service.method
            # They would end what the other clients need, or never end.
            if not method.server_streaming and method.name not in ("DrainAgent", "StopAll", "PauseQueue", "DrainQueue")
        ]

    def text(self, name):
        choices = {
            "parent": ["namespaces/default", "namespaces/other", "namespaces/"],
            "name": ["queues/normal", "namespaces/default/users/a", "namespaces/default/events/evt_1_x", "plugins/birthday"],
            "cursor": ["", "oldest", "17"],
            "page_token": ["", "AAAA"],
        }
        return self.random.choice(choices.get(name, ["a", "", "x" * 300, "Zürich 💐", "\u0000", "Europe/Paris"]))

    def fill(self, target, depth=0):
        for field in target.DESCRIPTOR.fields:
            if self.random.random() < 0.4 or depth > 3:
                continue
            repeated = field.is_repeated if hasattr(field, "is_repeated") else field.label == field.LABEL_REPEATED
            if field.message_type and field.message_type.GetOptions().map_entry:
                continue
            if field.message_type:
                self.fill(getattr(target, field.name).add() if repeated else getattr(target, field.name), depth + 1)
                continue
            value = self.scalar(field)
            if repeated:
                getattr(target, field.name).append(value)
            else:
                setattr(target, field.name, value)

    def scalar(self, field):
        if field.type == field.TYPE_STRING:
            return self.text(field.name)
        if field.type == field.TYPE_BYTES:
            return self.random.randbytes(self.random.randrange(20))
        if field.type == field.TYPE_BOOL:
            return self.random.random() < 0.5
        if field.type == field.TYPE_ENUM:
            return self.random.choice(field.enum_type.values).number
        if field.type in (field.TYPE_DOUBLE, field.TYPE_FLOAT):
            return self.random.choice([0.0, 1.5, -1.0, float("inf"), float("nan"), 1e300])
        if field.type == field.TYPE_INT64:
            return self.random.choice([0, 1, -1, 2**63 - 1, -(2**63), 1_800_000_000])
        return self.random.choice([0, 1, -1, 2**31 - 1, -(2**31), 100])

    def real(self):
        method, kind = self.random.choice(self.methods)
        request = kind()
        self.fill(request)
        return method, request.SerializeToString()

    def mutated(self):
        """A call (method, body with its gRPC frame), spoiled somewhere."""
        method, payload = self.real()
        data = bytearray(message(payload))
        for _ in range(self.random.randrange(1, 6)):
            self.spoil(data)
        # A length that promises more than comes is what is wanted; one of gigabytes, too.
        return method, bytes(data[:16_000])

    def spoil(self, data):
        what = self.random.randrange(6)
        at = self.random.randrange(len(data)) if data else 0
        if what == 0 and data:
            data[at] ^= 1 << self.random.randrange(8)
        elif what == 1:
            data[at:at] = self.random.randbytes(self.random.randrange(1, 9))
        elif what == 2:
            del data[at:]
        elif what == 3:
            data += data[at : at + 40]
        elif what == 4 and len(data) >= 5:
            data[1:5] = self.random.choice([b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x00\x00\x00\x00", b"\x00\x40\x00\x01"])
        elif data:
            data[0] = self.random.randrange(256)


class Attack:
    def __init__(self, path, requests, seed):
        self.path, self.requests = path, requests
        self.random = random.Random(seed)
        self.counts, self.gone = {}, 0

    def mutations(self, count):
        connection = Connection(self.path)
        done = 0
        while done < count:
            calls = [self.requests.mutated() for _ in range(min(TOGETHER, count - done))]
            try:
                connection.exchange(calls, self.counts)
            except Gone:
                self.gone += 1
                connection.close()
                connection = Connection(self.path)
            done += len(calls)
        connection.close()

    def one(self, write):
        """A connection of its own for something spoiled; what the server says is read until it ends or falls silent."""
        with contextlib.suppress(Gone):
            connection = Connection(self.path)
            try:
                write(connection)
                connection.socket.settimeout(0.05)
                for _ in range(20):
                    connection.frames()
            except Gone:
                self.gone += 1
            finally:
                connection.close()

    def rapid_resets(self, count):
        def write(connection):
            method, body = "carillon.v1.Agents/GetStatus", message(b"")
            for start in range(0, count, 100):
                out = b""
                for _ in range(min(100, count - start)):
                    stream = connection.stream()
                    out += frame(HEADERS, END_HEADERS, stream, block(method))
                    out += frame(DATA, END_STREAM, stream, body) + frame(RST, 0, stream, struct.pack(">I", 8))
                connection.send(out)

        self.one(write)

    def many_streams(self, count):
        """Streams that are opened and left so, over as many connections as it takes."""
        left = count

        def write(connection):
            nonlocal left
            for _ in range(1_000):
                connection.send(frame(HEADERS, END_HEADERS, connection.stream(), block("carillon.v1.Users/ImportUsers")))
                left -= 1

        while left > 0:
            before = left
            self.one(write)
            left = min(left, before - 1_000)

    def floods(self):
        randbytes = self.random.randbytes
        zero = struct.pack(">I", 0)
        status = block("carillon.v1.Agents/GetStatus")
        floods = [
            lambda c: c.send(frame(PING, 0, 0, b"12345678") * 20_000),
            lambda c: c.send(frame(SETTINGS, 0, 0) * 20_000),
            lambda c: c.send(frame(SETTINGS, 0, 0, struct.pack(">HI", 1, 2**32 - 1) * 1_000)),
            lambda c: c.send(frame(PRIORITY, 0, 1, zero + b"\x10") * 20_000),
            lambda c: c.send(frame(WINDOW, 0, 0, struct.pack(">I", 2**31 - 1)) * 3),
            lambda c: c.send(frame(HEADERS, 0, 1, status) + frame(CONTINUATION, 0, 1, status[:0]) * 20_000),
            lambda c: c.send(frame(HEADERS, 0, 1, status) + frame(CONTINUATION, 0, 1, b"\x00\x01a\x7f\x80\x7f" + b"b" * 16_000) * 200),
            lambda c: c.send(frame(HEADERS, END_HEADERS, 1, status) + frame(DATA, 0, 1) * 20_000),
            lambda c: c.send(frame(HEADERS, END_HEADERS, 1, block("x", [("h", "v" * 8_000)] * 2))),
            lambda c: c.send(frame(HEADERS, END_HEADERS, 1, block("../../etc/passwd"))),
            lambda c: c.send(frame(HEADERS, END_HEADERS, 1, block("carillon.v1.Agents/GetStatus", [("grpc-encoding", "gzip")]))),
            lambda c: c.send(frame(DATA, END_STREAM, 1, message(b""))),
            lambda c: c.send(frame(HEADERS, END_HEADERS | END_STREAM, 2, status)),
            lambda c: c.send(frame(PUSH, END_HEADERS, 1, zero)),
            lambda c: c.send(b"\xff\xff\xff" + bytes([DATA, 0]) + zero + randbytes(4_000)),
            lambda c: c.send(frame(GOAWAY, 0, 0, zero * 2)),
        ]  # fmt: skip
        for write in floods:
            self.one(write)

    def random_bytes(self, count):
        for _ in range(count):
            kind = self.random.randrange(12)
            noise = self.random.randbytes(self.random.randrange(0, 300))
            self.one(lambda c, k=kind, n=noise: c.send(frame(k, self.random.randrange(256), self.random.randrange(8), n)))
            with socket.socket(socket.AF_UNIX) as raw, contextlib.suppress(OSError):
                raw.connect(self.path)
                raw.sendall(noise if kind % 2 else PREFACE[: kind * 2])


class Friend(threading.Thread):
    """Asks for the state again and again; every answer counts."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.channel = grpc.insecure_channel(f"unix:{path}")
        self.call = self.channel.unary_unary("/carillon.v1.Agents/GetStatus")
        self.times, self.failures, self.stop = [], [], False

    def run(self):
        while not self.stop:
            begin = time.monotonic()
            try:
                self.call(b"", timeout=10)
                self.times.append(time.monotonic() - begin)
            except grpc.RpcError as error:
                self.failures.append(error.code().name)
            time.sleep(0.02)


def main(path, protos, seed, mutations, streams):
    attack = Attack(path, Requests(protos, seed), seed)
    friend = Friend(path)
    friend.start()
    # Idle ones that never say anything, or half of it, stay all the while.
    idle = [Connection(path) for _ in range(20)]
    attack.mutations(mutations)
    attack.random_bytes(max(mutations // 200, 20))
    attack.floods()
    attack.rapid_resets(streams)
    attack.many_streams(streams)
    for connection in idle:
        connection.close()
    friend.stop = True
    friend.join()
    times = sorted(friend.times)
    print(
        json.dumps(
            {
                "statuses": attack.counts,
                "connectionsEnded": attack.gone,
                "friendCalls": len(times),
                "friendFailures": friend.failures,
                "friendP99": times[len(times) * 99 // 100] if times else None,
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]))
