"""Tells what in the protos would break clients of a released version.

  compare.py RELEASED CURRENT     two descriptor sets of protoc, with their imports; exits with 1 when something breaks

Names count as well as numbers: what is generated from the protos, and JSON, go by names.
"""

import sys

from google.protobuf import descriptor_pb2

import describe

FIELD = descriptor_pb2.FieldDescriptorProto
# Files that are not ours: who changes them tells their own clients.
OURS = "carillon."
ROLES = ["viewer", "operator", "admin"]
# From what everybody reaches to what the fewest do.
SCOPES = ["shared", "namespace", "fleet"]


def read(path):
    files = descriptor_pb2.FileDescriptorSet()
    with open(path, "rb") as file:
        files.ParseFromString(file.read())
    return files


class Index:
    """Everything in a descriptor set, by full name."""

    def __init__(self, files):
        self.messages, self.enums, self.services, self.extensions = {}, {}, {}, {}
        for file in files.file:
            if not (file.package + ".").startswith(OURS):
                continue
            for message in file.message_type:
                self.add_message(file.package, message)
            for enum in file.enum_type:
                self.enums[f"{file.package}.{enum.name}"] = enum
            for extension in file.extension:
                self.extensions[f"{file.package}.{extension.name}"] = extension
            for service in file.service:
                self.services[f"{file.package}.{service.name}"] = service

    def add_message(self, scope, message):
        name = f"{scope}.{message.name}"
        self.messages[name] = message
        for nested in message.nested_type:
            self.add_message(name, nested)
        for enum in message.enum_type:
            self.enums[f"{name}.{enum.name}"] = enum


def kind(field):
    """What a field is on the wire, in JSON and in generated code."""
    label = {FIELD.LABEL_REPEATED: "repeated ", FIELD.LABEL_REQUIRED: "required "}.get(field.label, "")
    if field.proto3_optional:
        label = "optional "
    return label + (field.type_name.lstrip(".") or FIELD.Type.Name(field.type)[5:].lower())


def oneof(message, field):
    if not field.HasField("oneof_index") or field.proto3_optional:
        return ""
    return message.oneof_decl[field.oneof_index].name


def reserved(thing, inclusive):
    """The reserved names, and the reserved numbers as (first, last)."""
    return set(thing.reserved_name), [(r.start, r.end if inclusive else r.end - 1) for r in thing.reserved_range]


def compare_reservations(name, old, new, inclusive, used):
    """What was reserved stays so: who uses it again would read old data as something else."""
    (old_names, old_ranges), (new_names, new_ranges) = reserved(old, inclusive), reserved(new, inclusive)
    for word in sorted(old_names - new_names):
        yield f"{name}: the name {word} is reserved no more"
    for first, last in old_ranges:
        if not any(low <= first and last <= high for low, high in new_ranges):
            numbers = str(first) if first == last else f"{first} to {last}"
            yield f"{name}: {numbers} is reserved no more"
    for word, number in used:
        if word in old_names or any(first <= number <= last for first, last in old_ranges):
            yield f"{name}: {word} = {number} uses what was reserved"


def compare_message(name, old, new):
    by_name = {field.name: field for field in new.field}
    by_number = {field.number: field for field in new.field}
    for field in old.field:
        other = by_name.get(field.name)
        if other is None:
            renamed = by_number.get(field.number)
            now = f"; {field.number} is {renamed.name} now" if renamed else ""
            yield f"{name}.{field.name}: the field is gone{now}"
            continue
        if other.number != field.number:
            yield f"{name}.{field.name}: its number was {field.number} and is {other.number}"
        if kind(other) != kind(field):
            yield f"{name}.{field.name}: it was {kind(field)} and is {kind(other)}"
        if oneof(new, other) != oneof(old, field):
            was, now = oneof(old, field) or "none", oneof(new, other) or "none"
            yield f"{name}.{field.name}: its oneof was {was} and is {now}"
        if other.json_name != field.json_name:
            yield f"{name}.{field.name}: its name in JSON was {field.json_name} and is {other.json_name}"
    yield from compare_reservations(name, old, new, False, [(f.name, f.number) for f in new.field])


def compare_enum(name, old, new):
    numbers = {value.name: value.number for value in new.value}
    for value in old.value:
        if value.name not in numbers:
            yield f"{name}.{value.name}: the value is gone"
        elif numbers[value.name] != value.number:
            yield f"{name}.{value.name}: its number was {value.number} and is {numbers[value.name]}"
    yield from compare_reservations(name, old, new, True, [(v.name, v.number) for v in new.value])


def stream(flag):
    return "a stream" if flag else "one message"


def compare_method(name, old, new):
    if old.input_type != new.input_type:
        yield f"{name}: it took {old.input_type.lstrip('.')} and takes {new.input_type.lstrip('.')}"
    if old.output_type != new.output_type:
        yield f"{name}: it answered {old.output_type.lstrip('.')} and answers {new.output_type.lstrip('.')}"
    if old.client_streaming != new.client_streaming:
        yield f"{name}: it took {stream(old.client_streaming)} and takes {stream(new.client_streaming)}"
    if old.server_streaming != new.server_streaming:
        yield f"{name}: it answered with {stream(old.server_streaming)} and answers with {stream(new.server_streaming)}"
    before, after = describe.access(old), describe.access(new)
    if before is None:
        return
    if after is None:
        yield f"{name}: it says no more who may call it, and is refused to everybody"
        return
    if ROLES.index(after[0]) > ROLES.index(before[0]):
        yield f"{name}: it asked for the role {before[0]} and asks for {after[0]}"
    if SCOPES.index(after[1]) > SCOPES.index(before[1]):
        yield f"{name}: its scope was {before[1]} and is {after[1]}"


def compare_service(name, old, new):
    methods = {method.name: method for method in new.method}
    for method in old.method:
        if method.name not in methods:
            yield f"{name}/{method.name}: the method is gone"
        else:
            yield from compare_method(f"{name}/{method.name}", method, methods[method.name])


def compare(released, current):
    """Every break, in a sentence each."""
    old, new = Index(released), Index(current)
    for noun, before, after, inside in [
        ("service", old.services, new.services, compare_service),
        ("message", old.messages, new.messages, compare_message),
        ("enumeration", old.enums, new.enums, compare_enum),
    ]:
        for name, thing in before.items():
            if name not in after:
                yield f"{name}: the {noun} is gone"
            else:
                yield from inside(name, thing, after[name])
    for name, extension in old.extensions.items():
        other = new.extensions.get(name)
        if other is None:
            yield f"{name}: the extension is gone"
        elif (other.number, other.extendee, kind(other)) != (extension.number, extension.extendee, kind(extension)):
            yield f"{name}: the extension is another one"


def main(arguments):
    if len(arguments) != 2:
        sys.exit(__doc__)
    breaks = list(compare(read(arguments[0]), read(arguments[1])))
    for line in breaks:
        print(line)
    if breaks:
        print(f"breaks with {arguments[0]}: {len(breaks)}", file=sys.stderr)
    return 1 if breaks else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
