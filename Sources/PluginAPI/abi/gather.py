"""Writes down the plugin ABI as the headers define it, for compare.py.

  gather.py INCLUDE_FOLDER     every structure with its fields, every constant, type, function and macro of <carillon/carillon.h>

Clang says what is declared, a small program that it compiles says how large and where. Needs no module of Python.
"""

import json
import os
import pathlib
import platform
import re
import subprocess
import sys
import tempfile

CLANG = os.environ.get("CARILLON_CLANG", "clang")
HEADER = "#include <carillon/carillon.h>\n"
OWN = re.compile(r"carillon_|CARILLON_")
MACRO = re.compile(r"#define (CARILLON_\w+)(\([^)]*\))?(?: (.*))?$")
CONSTANT = re.compile(r'^\(*-?(0x[0-9a-fA-F]+|\d+)[uUlL]*\)*$|^"[^"]*"$')
VERSION = {"CARILLON_ABI_MAJOR", "CARILLON_ABI_MINOR"}
SECONDS = 60


def clang(arguments, text):
    """What clang writes when it is given `text` as C11."""
    command = [CLANG, "-std=c11", "-x", "c", *arguments, "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=SECONDS, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)}:\n{done.stderr}")
    return done.stdout


def declarations(include):
    """Our declarations at file scope, as clang's tree has them."""
    tree = json.loads(clang([f"-I{include}", "-fsyntax-only", "-Xclang", "-ast-dump=json"], HEADER))
    return [each for each in tree["inner"] if OWN.match(each.get("name", ""))]


def macros(include):
    """Our macros: (name, parameters or None, replacement)."""
    for line in clang([f"-I{include}", "-E", "-dM"], HEADER).splitlines():
        found = MACRO.match(line)
        if found and not found[1].endswith("_H"):
            yield found[1], found[2], found[3] or ""


def structures(nodes):
    """Name → fields (name, type) of those that are complete."""
    found = {}
    for node in nodes:
        if node["kind"] == "RecordDecl" and node.get("completeDefinition"):
            fields = [each for each in node.get("inner", []) if each["kind"] == "FieldDecl"]
            found[node["name"]] = [(each["name"], kind(each)) for each in fields]
    return found


def kind(node):
    """A declaration's type; clang's versions differ in one space."""
    return node["type"]["qualType"].replace(" [", "[")


def measure(include, found, constants):
    """Asks a compiled program for sizes, offsets and values, in the order in which they were asked."""
    lines = []
    for name, fields in found.items():
        lines.append(f'printf("%zu %zu\\n", sizeof({name}), _Alignof({name}));')
        for field, _ in fields:
            lines.append(f'printf("%zu %zu\\n", offsetof({name}, {field}), sizeof((({name} *)0)->{field}));')
    lines += [f'printf("%lld\\n", (long long)({value}));' for value in constants]
    body = "\n  ".join(lines)
    text = f"#include <stdio.h>\n{HEADER}int main(void) {{\n  {body}\n  return 0;\n}}\n"
    with tempfile.TemporaryDirectory() as folder:
        program = str(pathlib.Path(folder, "measure"))
        clang([f"-I{include}", "-o", program], text)
        done = subprocess.run([program], capture_output=True, text=True, timeout=SECONDS, check=True)
    return iter(done.stdout.splitlines())


def gather(include):
    """The ABI as text."""
    nodes = declarations(include)
    defined = sorted(macros(include))
    found = dict(sorted(structures(nodes).items()))
    numbers = [name for name, parameters, value in defined
               if parameters is None and CONSTANT.match(value) and not value.startswith('"')]
    answers = measure(include, found, numbers)
    lines = []
    for name, fields in found.items():
        lines.append("struct {} size {} align {}".format(name, *next(answers).split()))
        for field, type_name in fields:
            lines.append("  {} {} {}: {}".format(*next(answers).split(), field, type_name))
    values = {name: next(answers) for name in numbers}
    lines += others(nodes, found)
    for name, parameters, value in defined:
        if name in values:
            if name not in VERSION:
                lines.append(f"constant {name} = {values[name]}")
        elif parameters is None and CONSTANT.match(value):
            lines.append(f"constant {name} = {value}")
        else:
            lines.append(f"macro {name}{parameters or ''}")
    version = f"version {values['CARILLON_ABI_MAJOR']}.{values['CARILLON_ABI_MINOR']}"
    return "\n".join([f"platform {platform.machine()}-{platform.system().lower()}", version, *lines]) + "\n"


def others(nodes, found):
    """Types, functions, and structures that stay unknown."""
    lines = set()
    for node in nodes:
        name = node["name"]
        if node["kind"] == "RecordDecl" and name not in found:
            lines.add(f"opaque {name}")
        elif node["kind"] == "TypedefDecl":
            lines.add(f"typedef {name}: {kind(node)}")
        elif node["kind"] == "FunctionDecl":
            lines.add(f"function {name}: {kind(node)}")
        elif node["kind"] not in ("RecordDecl",):
            raise SystemExit(f"{name}: a {node['kind']}, which the ABI has none of")
    return sorted(lines)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    sys.stdout.write(gather(sys.argv[1]))
