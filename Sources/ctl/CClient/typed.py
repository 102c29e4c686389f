"""Writes a C function for each method of the API, and small ones for fields that may be absent."""

import pathlib
import re
import textwrap

MADE = "/* DO NOT EDIT: made by generate.py. */\n"
WIDTH = 110


def snake(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def comment(text):
    lines = textwrap.wrap(" ".join(text.split()), WIDTH)
    return "/* " + "\n * ".join(lines) + " */\n" if lines else ""


class Types:
    """Full name of a message -> its C names, as protobuf-c makes them."""

    prefixes = {"carillon.v1": "Carillon.V1", "google.protobuf": "Carillon.Google", "grpc.health.v1": "Carillon.Health"}

    def __init__(self, files):
        self.headers = {}
        self.packages = {}
        for file in files.file:
            for message in file.message_type:
                name = f".{file.package}.{message.name}"
                self.packages[name] = file.package
                self.headers[name] = header(file.name)

    def struct(self, name):
        package = self.packages[name]
        return self.prefixes[package].replace(".", "__") + "__" + name[len(package) + 2 :]

    def lower(self, name):
        head, _, tail = self.struct(name).rpartition("__")
        return head.lower() + "__" + snake(tail)


def header(name):
    for prefix, folder in (("google/protobuf/", "google/"), ("grpc/health/v1/", "health/"), ("carillon/v1/", "v1/")):
        if name.startswith(prefix):
            return "carillon/" + folder + name[len(prefix) : -len(".proto")] + ".pb-c.h"
    return ""


class Method:
    def __init__(self, types, service, method, text):
        self.name = f"carillon_{snake(service.name)}_{snake(method.name)}"
        self.path = f"/{service.package}.{service.name}/{method.name}"
        self.text = text
        self.ask, self.answer = types.struct(method.input_type), types.struct(method.output_type)
        self.ask_lower, self.answer_lower = types.lower(method.input_type), types.lower(method.output_type)
        self.asks, self.answers = method.client_streaming, method.server_streaming
        self.headers = {types.headers[method.input_type], types.headers[method.output_type]}

    def functions(self):
        """(declaration, body) of each."""
        failure = "carillon_failure **failure"
        if not self.asks and not self.answers:
            yield (
                f"carillon_code {self.name}(carillon_client *client, const {self.ask} *request, int64_t deadline_ms,"
                f" {self.answer} **response, {failure})",
                "ProtobufCMessage *message = NULL;\n"
                f"carillon_code code = carillon_call(client, &{self.name}_method,\n"
                "    (const ProtobufCMessage *)request, deadline_ms, response != NULL ? &message : NULL, failure);\n"
                f"if (response != NULL) *response = ({self.answer} *)message;\nreturn code;",
            )
            return
        ask = "" if self.asks else f", const {self.ask} *request"
        given = "NULL" if self.asks else "(const ProtobufCMessage *)request"
        yield (
            f"carillon_code {self.name}(carillon_client *client{ask}, carillon_stream **stream, {failure})",
            f"return carillon_stream_open(client, &{self.name}_method,\n    {given}, stream, failure);",
        )
        yield (
            f"carillon_next {self.name}_next(carillon_stream *stream, int64_t timeout_ms, {self.answer} **response,"
            f" {failure})",
            "ProtobufCMessage *message = NULL;\n"
            f"carillon_next next = carillon_stream_next_of(stream, &{self.name}_method,\n"
            "    timeout_ms, &message, failure);\n"
            f"*response = ({self.answer} *)message;\nreturn next;",
        )
        if self.asks:
            yield (
                f"carillon_code {self.name}_send(carillon_stream *stream, const {self.ask} *request,"
                f" int64_t timeout_ms, {failure})",
                "return carillon_stream_send(stream, (const ProtobufCMessage *)request, timeout_ms, failure);",
            )


class Service:
    def __init__(self, file, index):
        self.proto, self.file = file.service[index], file
        self.name, self.package = self.proto.name, file.package
        self.header = f"carillon/services/{snake(self.name)}.h"
        self.comments = {tuple(at.path): at.leading_comments for at in file.source_code_info.location}
        self.text = self.comments.get((6, index), "")
        self.index = index

    def methods(self, types):
        for at, method in enumerate(self.proto.method):
            yield Method(types, self, method, self.comments.get((6, self.index, 2, at), ""))


def wrapped(declaration, end):
    """Breaks a line between parameters only."""
    head, _, parameters = declaration.partition("(")
    lines = [head + "("]
    for parameter in parameters.split(", "):
        start = lines[-1] + ("" if lines[-1].endswith("(") else " ")
        if len(start + parameter) < WIDTH:
            lines[-1] = start + parameter + ","
        else:
            lines.append("    " + parameter + ",")
    lines[-1] = lines[-1][:-1] + end
    return "\n".join(lines)


def guarded(name, includes, body):
    guard = re.sub(r"[^A-Z]", "_", name.upper())
    return (
        f"{MADE}#ifndef {guard}\n#define {guard}\n\n" + "".join(f"#include <{one}>\n" for one in includes)
        + f'\n#ifdef __cplusplus\nextern "C" {{\n#endif\n\n{body}#ifdef __cplusplus\n}}\n#endif\n#endif\n'
    )


def service_header(service, methods):
    includes = sorted({"carillon/client.h"}.union(*(method.headers for method in methods)))
    body = comment(service.text) + "\n"
    for method in methods:
        body += comment(method.text) + f"extern const carillon_method {method.name}_method;\n"
        body += "".join(wrapped(declaration, ";\n") for declaration, _ in method.functions()) + "\n"
    return guarded(service.header, includes, body)


def service_source(service, methods):
    text = f'{MADE}#include <{service.header}>\n\n#include "stream.h"\n'
    for method in methods:
        flags = ", ".join("true" if flag else "false" for flag in (method.asks, method.answers))
        text += (
            f'\nconst carillon_method {method.name}_method = {{"{method.path}",\n'
            f"    &{method.ask_lower}__descriptor, &{method.answer_lower}__descriptor, {flags}}};\n"
        )
        for declaration, body in method.functions():
            text += "\n" + wrapped(declaration, "\n") + "{\n" + textwrap.indent(body, "  ") + "\n}\n"
    return text


def method_table(services, methods):
    rows = "".join(f"  &{method.name}_method,\n" for method in methods)
    includes = "".join(f"#include <{service.header}>\n" for service in services)
    return (
        f"{MADE}{includes}\nstatic const carillon_method *const methods[] = {{\n{rows}}};\n\n"
        "const carillon_method *const *carillon_methods(size_t *count)\n{\n"
        "  *count = sizeof methods / sizeof methods[0];\n  return methods;\n}\n"
    )


def test_list(methods):
    """For the tests: a line of macro calls for each typed function."""
    kinds = {(False, False): "UNARY", (False, True): "WATCH", (True, True): "BOTH", (True, False): "BOTH"}
    return MADE + "".join(
        f"{kinds[method.asks, method.answers]}({method.name}, {method.ask}, {method.ask_lower}, {method.answer})\n"
        for method in methods
    )


def optional_fields(message, name):
    for field in message.field:
        if field.proto3_optional:
            yield name, field
    for nested in message.nested_type:
        yield from optional_fields(nested, f"{name}.{nested.name}")


def optional_functions(file, message):
    kinds = {1: "double", 5: "int32_t", 8: "bool"}
    for name, field in optional_fields(message, message.name):
        struct = "Carillon__V1__" + name.replace(".", "__")
        case = "CARILLON__V1__" + "__".join(snake(part).upper() for part in name.split("."))
        case += f"__OPTIONAL_{field.name.upper()}"
        call = "carillon_" + "_".join(snake(part) for part in name.split("."))
        kind = kinds[field.type]
        yield (
            f"static inline bool {call}_has_{field.name}(const {struct} *message)\n"
            f"{{\n  return message->optional_{field.name}_case == {case}_{field.name.upper()};\n}}\n\n"
            f"static inline void {call}_set_{field.name}({struct} *message, {kind} value)\n"
            f"{{\n  message->optional_{field.name}_case = {case}_{field.name.upper()};\n"
            f"  message->{field.name} = value;\n}}\n\n"
            f"static inline void {call}_clear_{field.name}({struct} *message)\n"
            f"{{\n  message->optional_{field.name}_case = {case}__NOT_SET;\n  message->{field.name} = 0;\n}}\n\n"
        )


def optional_header(files):
    includes, body = ["stdbool.h"], comment("Fields that may be absent, which is another thing than 0.") + "\n"
    for file in files.file:
        made = [text for message in file.message_type for text in optional_functions(file, message)]
        if made:
            includes.append(header(file.name))
            body += "".join(made)
    return guarded("carillon/optional.h", includes, body)


def write(files, out):
    """Into the folder `out` from protoc's descriptor set, with its comments."""
    out = pathlib.Path(out)
    (out / "services").mkdir(exist_ok=True)
    types = Types(files)
    services = [Service(file, at) for file in files.file for at in range(len(file.service))]
    services.sort(key=lambda service: service.name)
    methods = []
    for service in services:
        own = list(service.methods(types))
        methods += own
        name = snake(service.name)
        (out / f"services/{name}.h").write_text(service_header(service, own))
        (out / f"services/{name}.c").write_text(service_source(service, own))
    (out / "methods.c").write_text(method_table(services, methods))
    (out / "methods.inc").write_text(test_list(methods))
    (out / "optional.h").write_text(optional_header(files))
    headers = ["carillon/optional.h"] + [service.header for service in services]
    body = comment("All services, a function for each method. `deadline_ms`: 0 stands for the client's.") + "\n"
    (out / "services.h").write_text(guarded("carillon/services.h", headers, body))
