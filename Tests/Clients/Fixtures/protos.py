"""The API's messages for Python, straight from the protos."""

import os
import pathlib
import tempfile

import grpc_tools
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from grpc_tools import protoc

ROOT = pathlib.Path(__file__).resolve().parents[3]


class Protos:
    def __init__(self):
        self.pool = descriptor_pool.DescriptorPool()
        self.methods = {}
        for file in self._files().file:
            self.pool.Add(file)
            for service in file.service:
                for method in service.method:
                    self.methods[f"/{file.package}.{service.name}/{method.name}"] = method

    @staticmethod
    def _files():
        proto = ROOT / "Proto"
        names = [*(proto / "carillon/v1").glob("*.proto"), proto / "grpc/health/v1/health.proto"]
        well_known = pathlib.Path(grpc_tools.__file__).parent / "_proto"
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "set.binpb")
            arguments = ["protoc", f"-I{proto}", f"-I{well_known}", "--include_imports", f"--descriptor_set_out={out}"]
            if protoc.main([*arguments, *(str(name) for name in sorted(names))]) != 0:
                raise SystemExit("the protos cannot be read")
            return descriptor_pb2.FileDescriptorSet.FromString(pathlib.Path(out).read_bytes())

    def type(self, name):
        return message_factory.GetMessageClass(self.pool.FindMessageTypeByName(name.lstrip(".")))

    def new(self, kind, /, **fields):
        return self.type("carillon.v1." + kind)(**fields)


def filled(kind, depth=4):
    """A message in which every field says something; optional numbers are 0, which is not the same as absent."""
    message = kind()
    for field in kind.DESCRIPTOR.fields:
        inner = field.message_type
        if inner and depth == 0:
            continue
        if inner and inner.GetOptions().map_entry:
            value = inner.fields_by_name["value"]
            if value.message_type:
                getattr(message, field.name)["a key"].CopyFrom(_value(value, depth))
            else:
                getattr(message, field.name)["a key"] = _value(value, depth)
        elif field.is_repeated:
            getattr(message, field.name).extend([_value(field, depth), _value(field, depth)])
        elif inner:
            getattr(message, field.name).CopyFrom(_value(field, depth))
        else:
            setattr(message, field.name, _value(field, depth))
    return message


def _value(field, depth):
    if field.message_type:
        return filled(message_factory.GetMessageClass(field.message_type), depth - 1)
    if field.enum_type:
        return field.enum_type.values[-1].number
    if field.type == field.TYPE_BYTES:
        return b"\x00bytes\xff"
    if field.type == field.TYPE_STRING:
        return f"{field.name} – ü"
    if field.containing_oneof and len(field.containing_oneof.fields) == 1:
        return 0
    return {field.TYPE_BOOL: True, field.TYPE_DOUBLE: -1.5 * field.number}.get(field.type, field.number)
