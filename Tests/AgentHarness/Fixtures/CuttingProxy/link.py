"""One client's connection and the server's behind it."""

import asyncio
import socket
import struct
import sys

from messages import CANCEL_REQUEST, GSS_REQUEST, SSL_REQUEST, Conversation, Frames, ProtocolError
from rules import Fired

READ_BYTES = 1 << 16
DRAIN_SECONDS = 10


def reset(side):
    """Ends a connection with RST."""
    sock = side[1].get_extra_info("socket")
    if sock is not None and sock.fileno() >= 0:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    side[1].transport.abort()


class Link:
    """Passes bytes both ways; each side is a pair of asyncio's reader and writer."""

    def __init__(self, rules, thawed, client, server):
        self.rules, self.thawed = rules, thawed
        self.client, self.server = client, server
        self.from_client, self.from_server = Frames(typed=False), Frames(typed=True)
        self.conversation = Conversation()
        self.plain = True

    async def run(self):
        """Passes bytes until both sides have closed or one was reset."""
        ways = [
            asyncio.create_task(self._pass(self.client, self.server, self._of_client)),
            asyncio.create_task(self._pass(self.server, self.client, self._of_server)),
        ]
        try:
            await asyncio.gather(*ways)
            self.client[1].close()
            self.server[1].close()
        except Fired:
            await stop(ways)
            reset(self.client)
            await self._finish_server()
        except OSError:
            pass  # One side was reset, and so is the other.
        except ProtocolError as error:
            print(f"cutting_proxy: {error}", file=sys.stderr, flush=True)
        finally:
            await stop(ways)
            if not (self.client[1].is_closing() and self.server[1].is_closing()):
                self.reset()

    def reset(self):
        """Ends both connections with RST."""
        reset(self.client)
        reset(self.server)

    async def _pass(self, source, target, handle):
        while data := await self._read(source[0]):
            out = bytearray()
            try:
                handle(data, out)
            finally:
                target[1].write(out)
            await target[1].drain()
        target[1].write_eof()

    async def _read(self, reader):
        """What comes next; while the proxy is frozen neither bytes, nor a close, nor a reset come through."""
        try:
            return await reader.read(READ_BYTES)
        finally:
            await self.thawed.wait()

    def _of_client(self, data, out):
        if not self.plain:
            out += data
            return
        for message in self.from_client.feed(data):
            if self.from_client.typed:
                self.rules.forward(chr(message[0]), self.conversation.asked(message))
            else:
                self.rules.forward("start-up", None)
                self._started(message)
            out += message

    def _started(self, message):
        (code,) = struct.unpack_from("!I", message, 4)
        if code in (SSL_REQUEST, GSS_REQUEST):
            self.from_server.single += 1
        elif code != CANCEL_REQUEST:
            self.from_client.typed = True

    def _of_server(self, data, out):
        if not self.plain:
            out += data
            return
        for message in self.from_server.feed(data):
            if self.from_server.single:
                self._answered_encryption(message, out)
                continue
            owed, complete = self.conversation.answered(message)
            out += self.rules.answer(owed, message, complete) if owed else message

    def _answered_encryption(self, message, out):
        self.from_server.single -= 1
        out += message
        if message in (b"S", b"G"):
            self.plain = False

    async def _finish_server(self):
        """The server reads all that it was sent, and then the end; what it still says goes nowhere."""
        reader, writer = self.server
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                writer.write_eof()
                while await reader.read(READ_BYTES):
                    pass
        except (OSError, TimeoutError):
            pass
        writer.close()


async def stop(tasks):
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
