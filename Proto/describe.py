"""Writes what the agent must know of the protos at run time: who may call which method, and the descriptors for reflection.

  describe.py DESCRIPTOR_SET FOLDER     DESCRIPTOR_SET is protoc's, with its imports; the Swift files go into FOLDER
"""

import base64
import sys

from google.protobuf import descriptor_pb2

ACCESS = 50611  # the option `access` of carillon/v1/authorization.proto
ROLES = {1: "viewer", 2: "operator", 3: "admin"}
SCOPES = {1: "namespace", 2: "fleet", 3: "shared"}
# gRPC's own services cannot have our option.
STANDARD = {"grpc.health.v1.": ("viewer", "shared"), "grpc.reflection.": ("viewer", "shared")}
WIDTH = 110


def numbers(data):
    """The fields of a message that has only small varints."""
    fields = dict(zip(data[0::2], data[1::2]))
    if len(data) % 2 or any(tag & 7 for tag in fields):
        sys.exit(f"the option access cannot be read: {data!r}")
    return {tag >> 3: value for tag, value in fields.items()}


def access(method):
    """(role, scope) of a method; None when it says nothing."""
    data = method.options.SerializeToString()
    while data:
        tag, length, shift = 0, 0, 0
        while True:
            byte, data = data[0], data[1:]
            tag |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
        if tag & 7 != 2:
            sys.exit(f"{method.name} has an option that cannot be read")
        length, data = data[0], data[1:]
        value, data = data[:length], data[length:]
        if tag >> 3 == ACCESS:
            found = numbers(value)
            return ROLES[found[1]], SCOPES[found[2]]
    return None


def methods(files):
    for file in files.file:
        for service in file.service:
            for method in service.method:
                name = f"{file.package}.{service.name}/{method.name}"
                rule = next((rule for prefix, rule in STANDARD.items() if name.startswith(prefix)), None)
                yield name, rule or access(method)


def write_access(files, path):
    rows = []
    for name, rule in sorted(methods(files)):
        if rule is None:
            sys.exit(f"{name} does not say who may call it: give it the option access")
        rows.append(f'    "{name}": .init(role: .{rule[0]}, scope: .{rule[1]}),')
    with open(path, "w", encoding="ascii") as file:
        file.write(
            "// DO NOT EDIT: made by Proto/describe.py.\n\n"
            "/// Who may call what, as the protos' option `access` says.\n"
            "public struct MethodAccess: Hashable, Sendable {\n"
            "  /// The least role.\n  public var role: Carillon_V1_Role\n"
            "  /// What the method reaches.\n  public var scope: Carillon_V1_Scope\n\n"
            "  /// By full name, such as `carillon.v1.Queues/GetQueue`. What is not in it is refused.\n"
            "  public static let all: [String: MethodAccess] = [\n" + "\n".join(rows) + "\n  ]\n}\n"
        )


def write_descriptors(files, path):
    with open(path, "w", encoding="ascii") as out:
        out.write(
            "// DO NOT EDIT: made by Proto/describe.py.\n\n"
            "/// The protos' descriptors, for server reflection.\n"
            "public enum FileDescriptors {\n"
            "  /// Serialized FileDescriptorProtos in base64, each after those that it imports.\n"
            "  public static let base64: [String] = [\n"
        )
        for file in files.file:
            file.ClearField("source_code_info")
            text = base64.b64encode(file.SerializeToString()).decode()
            lines = [text[i : i + WIDTH] for i in range(0, len(text), WIDTH)]
            out.write('    """\n' + "\\\n".join("    " + line for line in lines) + '\n    """,\n')
        out.write("  ]\n}\n")


def main(arguments):
    if len(arguments) != 2:
        sys.exit(__doc__)
    files = descriptor_pb2.FileDescriptorSet()
    with open(arguments[0], "rb") as file:
        files.ParseFromString(file.read())
    write_access(files, arguments[1] + "/MethodAccess.swift")
    write_descriptors(files, arguments[1] + "/FileDescriptors.swift")


if __name__ == "__main__":
    main(sys.argv[1:])
