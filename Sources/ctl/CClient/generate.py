"""Writes the C code of the API: messages by protobuf-c's generator, and a typed function for each method.

  generate.py DESCRIPTOR_SET FOLDER     DESCRIPTOR_SET is protoc's, with imports and comments

Debian 12's protoc-c (1.4.1) refuses proto3's `optional`, and names everything after its package. So the descriptors are
changed first: an optional field becomes the one member of a oneof, which has the same wire format; options that C has no
use for go; Google's types get a prefix of ours, so that a program may have its own copy of them.
"""

import pathlib
import subprocess
import sys
import tempfile

from google.protobuf import descriptor_pb2
from google.rpc import error_details_pb2, status_pb2

import typed

# Where a proto's C files go, and what its names begin with.
PLACES = {
    "carillon/v1/": ("carillon/v1/", "carillon.v1"),
    "google/protobuf/": ("carillon/google/", "carillon.google"),
    "google/rpc/": ("carillon/rpc/", "carillon.rpc"),
    "grpc/health/v1/": ("carillon/health/", "carillon.health"),
}
UNUSED = ("google/protobuf/descriptor.proto",)
PB_C = 1019  # protobuf-c's extension of FileOptions and of MessageOptions
CONST_STRINGS, C_PACKAGE = 4, 6  # its fields for files
BASE_FIELD_NAME = 3  # its field for messages
BASE = "base"  # what protobuf-c calls the part that all messages have


def place(name):
    for prefix, (folder, package) in PLACES.items():
        if name.startswith(prefix):
            return folder + name[len(prefix) :], package
    sys.exit(f"{name} has no place among the C files: add one to PLACES")


def text_field(number, text):
    return bytes([number << 3 | 2, len(text)]) + text.encode()


def options(kind, inner):
    """FileOptions or MessageOptions with what protobuf-c is told, as bytes: three fields need no module of its own."""
    tag = PB_C << 3 | 2
    return kind.FromString(bytes([tag & 127 | 128, tag >> 7, len(inner)]) + inner)


def plain_message(message):
    """Makes each proto3 `optional` a oneof of one member, `optional_NAME`, and keeps the name `base` free."""
    if any(field.name == BASE for field in message.field):
        inner = text_field(BASE_FIELD_NAME, "message_base")
        message.options.MergeFrom(options(descriptor_pb2.MessageOptions, inner))
    for field in message.field:
        if field.proto3_optional:
            field.ClearField("proto3_optional")
            message.oneof_decl[field.oneof_index].name = "optional_" + field.name
    for nested in message.nested_type:
        plain_message(nested)


def plain_file(file):
    file.name, package = place(file.name)
    imports = [place(name)[0] for name in file.dependency if name not in UNUSED]
    del file.dependency[:], file.public_dependency[:], file.extension[:], file.service[:]
    file.dependency.extend(imports)
    inner = bytes([CONST_STRINGS << 3, 1]) + text_field(C_PACKAGE, package)
    file.options.CopyFrom(options(descriptor_pb2.FileOptions, inner))
    if not package.endswith(("v1", "health")):
        file.ClearField("source_code_info")  # Google's comments are not ours to give out
    for message in file.message_type:
        plain_message(message)


def error_details():
    """What errors carry, from Google's own modules."""
    for module in (error_details_pb2, status_pb2):
        yield from with_imports(module.DESCRIPTOR)


def with_imports(file):
    for imported in file.dependencies:
        yield from with_imports(imported)
    proto = descriptor_pb2.FileDescriptorProto()
    file.CopyToProto(proto)
    yield proto


def plain(files):
    """Every file once, after those that it imports."""
    result, seen = descriptor_pb2.FileDescriptorSet(), set(UNUSED)
    for file in [*files.file, *error_details()]:
        if file.name in seen:
            continue
        seen.add(file.name)
        copy = result.file.add()
        copy.CopyFrom(file)
        plain_file(copy)
    return result


def write_messages(files, out):
    with tempfile.NamedTemporaryFile(suffix=".binpb") as descriptors:
        descriptors.write(files.SerializeToString())
        descriptors.flush()
        names = [file.name for file in files.file]
        command = ["protoc-c", f"--descriptor_set_in={descriptors.name}", f"--c_out={out}", *names]
        subprocess.run(command, check=True)


def main(arguments):
    if len(arguments) != 2:
        sys.exit(__doc__)
    files = descriptor_pb2.FileDescriptorSet.FromString(pathlib.Path(arguments[0]).read_bytes())
    out = pathlib.Path(arguments[1])
    write_messages(plain(files), out)
    typed.write(files, out / "carillon")


if __name__ == "__main__":
    main(sys.argv[1:])
