"""Tests libcarillon-client against gRPC's own server for Python.

  run.py PROGRAM [COMMAND…]    PROGRAM is client_test; COMMAND goes before it, such as valgrind with its options
"""

import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import grpc

import certificates
import double
from protos import Protos, filled


def credentials(folder, name, asks=True):
    """Of a server that asks for clients' certificates, or takes whoever comes."""
    read = lambda file: (folder / file).read_bytes()
    return grpc.ssl_server_credentials(
        [(read(f"{name}.key"), read(f"{name}.crt"))], read("authority.crt") if asks else None, asks
    )


class Restarting:
    """A server that ends when a client asks, and is back on the same port after a while."""

    def __init__(self, protos, given):
        self.given, self.double = given, double.Double(protos, lambda: threading.Thread(target=self.restart).start())
        self.server, self.port = double.server(self.double, "127.0.0.1:0", given)

    def restart(self):
        self.server.stop(0.1).wait()
        time.sleep(0.5)
        self.server, _ = double.server(self.double, f"127.0.0.1:{self.port}", self.given)


def places(protos, folder):
    """Where what is, for the program's environment; and everything that must live as long as it runs."""
    plain = double.Double(protos)
    echo = double.Echo(protos)
    alive, ports = [], {}

    def start(name, handler, given):
        made, ports[name] = double.server(handler, "127.0.0.1:0", given)
        alive.append(made)

    start("TLS", plain, credentials(folder, "server"))
    start("ANYBODY", plain, credentials(folder, "server", asks=False))
    start("EXPIRED", plain, credentials(folder, "expired"))
    start("OTHER", plain, credentials(folder, "other-server"))
    start("ELSEWHERE", plain, credentials(folder, "elsewhere"))
    start("PLAIN", plain, None)
    start("ECHO", echo, credentials(folder, "server"))
    restarting = Restarting(protos, credentials(folder, "server"))
    ports["RESTART"] = restarting.port
    alive.append(restarting)
    unix, _ = double.server(plain, f"unix:{folder}/s")
    alive.append(unix)
    for name, listens in (("DEAD", False), ("SILENT", True)):
        taken = socket.socket()
        taken.bind(("127.0.0.1", 0))
        if listens:
            taken.listen(16)
        ports[name] = taken.getsockname()[1]
        alive.append(taken)
    return {name: str(port) for name, port in ports.items()} | {"FOLDER": str(folder)}, echo, alive


def write_requests(protos, folder):
    for path, method in protos.methods.items():
        name = path.strip("/").replace("/", ".")
        (folder / f"{name}.request").write_bytes(filled(protos.type(method.input_type)).SerializeToString())


def wrong_answers(protos, folder, seen):
    """The methods whose answer did not come through C as it was."""
    for path, method in protos.methods.items():
        kind = protos.type(method.output_type)
        file = folder / (path.strip("/").replace("/", ".") + ".response")
        if path not in seen or not file.exists() or kind.FromString(file.read_bytes()) != filled(kind):
            yield path


def main(program, command):
    protos = Protos()
    with tempfile.TemporaryDirectory(prefix="cclient") as name:
        folder = pathlib.Path(name)
        certificates.make(folder)
        write_requests(protos, folder)
        environment, echo, alive = places(protos, folder)
        settings = os.environ | environment | {"GRPC_VERBOSITY": "NONE"}
        started = time.monotonic()
        child = subprocess.Popen([*command, program], env=settings)
        signal.signal(signal.SIGTERM, lambda *_: (child.kill(), sys.exit(1)))
        code = child.wait()
        wrong = list(wrong_answers(protos, folder, echo.seen)) if not os.environ.get("ONLY") else []
        for path in wrong:
            print(f"failed: {path} does not come through C as it is")
        print(f"{len(protos.methods)} methods, {time.monotonic() - started:.1f} s")
        sys.stdout.flush()
        del alive
        os._exit(1 if code or wrong else 0)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:])
