"""A TCP proxy that spoils connections on command: before PostgreSQL or pgbouncer, at an exact message.

  cutting_proxy.py run --to PORT --control SOCKET [--listen PORT] [--while PID]
  cutting_proxy.py send SOCKET COMMAND...

Loopback only. Commands, one a line on the control socket, each answered by one line of JSON:

  cut                           resets every connection, on both sides; new ones are taken
  refuse                        the same, and resets each new one
  freeze                        lets nothing pass, neither bytes nor a close, as a cable that is out
  heal                          ends refuse, freeze and what is armed; bytes that waited go on
  cut-after-client-message N    before the Nth message from now that any client sends, start-up and password messages
                                too: the server gets what came before it and then the end, the client a reset
  cut-before STATEMENT          the same before the first message that runs SQL that begins with STATEMENT
  drop-answer-of STATEMENT      lets that SQL through, and when the server has answered it (it is applied), drops the
                                answer and resets the client; SYNC: the answer of a Sync, which commits a pipeline that
                                has no COMMIT of its own
  status                        {"port", "connections", "messages", "frozen", "refusing", "armed", "fired"}: `messages`
                                counts the clients' since the last arming, `fired` says what the last arming did

One command is armed at a time, and fires once. Messages are seen in plain text only: once client and server agree on
encryption, bytes pass unread, and only cut, refuse, freeze and heal do anything.
"""

import argparse
import asyncio
import json
import socket
import sys

from link import Link, reset
from rules import Rules


class Proxy:
    """All connections, and the commands."""

    def __init__(self, target):
        self.target = target
        self.port = 0
        self.rules = Rules()
        self.waiting, self.links = set(), set()
        self.thawed = asyncio.Event()
        self.thawed.set()
        self.refusing = False

    async def take(self, reader, writer):
        client = (reader, writer)
        self.waiting.add(client)
        try:
            await self.thawed.wait()
            server = None if self.refusing else await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            server = None
        finally:
            self.waiting.discard(client)
        if server is None:
            reset(client)
            return
        link = Link(self.rules, self.thawed, client, server)
        self.links.add(link)
        try:
            await link.run()
        finally:
            self.links.discard(link)

    async def control(self, reader, writer):
        while line := await reader.readline():
            try:
                answer = self.command(line.decode("utf-8").strip())
            except ValueError as error:
                answer = {"error": str(error)}
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
        writer.close()

    def command(self, line):
        match line.split(maxsplit=1):
            case ["cut"]:
                self.reset_all()
            case ["refuse"]:
                self.refusing = True
                self.reset_all()
            case ["freeze"]:
                self.thawed.clear()
            case ["heal"]:
                self.refusing = False
                self.rules.disarm()
                self.thawed.set()
            case ["cut-after-client-message", count] if count.isdigit() and int(count) > 0:
                self.rules.arm("cut-after-client-message", int(count))
            case ["cut-before" | "drop-answer-of" as name, statement]:
                self.rules.arm(name, statement)
            case ["status"]:
                pass
            case _:
                raise ValueError(f"no such command: {line}")
        return self.status()

    def reset_all(self):
        for client in self.waiting:
            reset(client)
        for link in self.links:
            link.reset()

    def status(self):
        return {
            "port": self.port,
            "connections": len(self.links),
            "messages": self.rules.messages,
            "frozen": not self.thawed.is_set(),
            "refusing": self.refusing,
            "armed": self.rules.armed,
            "fired": self.rules.fired,
        }


async def run(options):
    proxy = Proxy(options.to)
    server = await asyncio.start_server(proxy.take, "127.0.0.1", options.listen)
    proxy.port = server.sockets[0].getsockname()[1]
    await asyncio.start_unix_server(proxy.control, options.control)
    print(f"listening on 127.0.0.1:{proxy.port}", flush=True)
    while options.watched is None or alive(options.watched):
        await asyncio.sleep(1)


def alive(process):
    """Whether it runs: one that has ended, and that nobody has asked yet how, does not."""
    try:
        with open(f"/proc/{process}/stat", encoding="utf-8", errors="replace") as stat:
            return stat.read().rpartition(") ")[2][:1] not in ("Z", "X", "")
    except OSError:
        return False


def send(path, words):
    with socket.socket(socket.AF_UNIX) as control:
        control.connect(path)
        control.sendall(" ".join(words).encode() + b"\n")
        with control.makefile() as answers:
            answer = answers.readline()
    print(answer, end="")
    return 1 if "error" in json.loads(answer) else 0


def main():
    parser = argparse.ArgumentParser(description="A TCP proxy that spoils connections on command.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    runner = verbs.add_parser("run")
    runner.add_argument("--to", type=int, required=True, help="the server's port")
    runner.add_argument("--control", required=True, help="the Unix socket for commands")
    runner.add_argument("--listen", type=int, default=0, help="the proxy's port; a free one unless said")
    runner.add_argument("--while", type=int, dest="watched", help="end when that process has ended")
    sender = verbs.add_parser("send")
    sender.add_argument("socket")
    sender.add_argument("words", nargs="+")
    options = parser.parse_args()
    if options.verb == "send":
        sys.exit(send(options.socket, options.words))
    try:
        asyncio.run(run(options))
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
