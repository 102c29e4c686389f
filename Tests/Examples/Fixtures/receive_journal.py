"""A journal: binds a datagram socket, and prints each entry that arrives as a JSON object of its fields.

usage: receive_journal.py SOCKET COUNT

Entries are parsed as systemd's "native journal protocol" is written down: NAME=value, or NAME, its length, and the value.
Prints "ready" when it can be sent to.
"""

import array
import json
import os
import socket
import struct
import sys


def fields(content):
    found, at = {}, 0
    while at < len(content):
        end = content.index(b"\n", at)
        name, equals, value = content[at:end].partition(b"=")
        at = end + 1
        if not equals:
            (length,) = struct.unpack_from("<Q", content, at)
            value = content[at + 8 : at + 8 + length]
            at += 8 + length + 1
            assert content[at - 1 : at] == b"\n"
        found[name.decode()] = value.decode()
    return found


def receive(journal):
    content, ancillary, flags, _ = journal.recvmsg(1 << 20, socket.CMSG_SPACE(4))
    assert not flags & socket.MSG_TRUNC
    for level, kind, data in ancillary:
        assert (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS) and not content
        descriptor = array.array("i", data)[0]
        size = os.fstat(descriptor).st_size
        content = os.pread(descriptor, size, 0)
        try:
            os.pwrite(descriptor, b"x", 0)
            sys.exit("the file is not sealed")
        except PermissionError:
            pass
        os.close(descriptor)
        return dict(fields(content), by="file")
    return dict(fields(content), by="datagram")


def main():
    journal = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    journal.bind(sys.argv[1])
    journal.settimeout(120)
    print("ready", flush=True)
    for _ in range(int(sys.argv[2])):
        print(json.dumps(receive(journal)), flush=True)


main()
