"""Reads archives with other people's code: gzip of Python, protobuf of Google. Prints one JSON object a record.

usage: read_archive.py archive.proto FILE...
"""

import gzip
import json
import os
import sys
import tempfile

from google.protobuf import json_format
from grpc_tools import protoc


def generated(proto):
    with tempfile.TemporaryDirectory() as folder:
        arguments = ["protoc", "-I" + os.path.dirname(proto), "--python_out=" + folder, proto]
        if protoc.main(arguments) != 0:
            sys.exit("protoc failed")
        sys.path.insert(0, folder)
        import archive_pb2

        return archive_pb2


def records(content):
    at = 0
    while at < len(content):
        length = shift = 0
        while True:
            byte = content[at]
            at += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        yield content[at : at + length]
        at += length


def main():
    messages = generated(sys.argv[1])
    for path in sys.argv[2:]:
        with gzip.open(path) as file:
            for content in records(file.read()):
                record = messages.Record.FromString(content)
                facts = json_format.MessageToDict(
                    record, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
                )
                message = facts.pop("message")
                message["data"] = record.message.data.decode()
                facts.update(message)
                for name in list(facts):
                    if name.endswith("_ns"):
                        facts[name] = int(facts[name])
                print(json.dumps(facts))


main()
