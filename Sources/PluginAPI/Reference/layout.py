"""Sizes and offsets on 64-bit platforms, which are the only ones the ABI is defined for."""

import os
import subprocess
import tempfile

BASIC = {"uint8_t": 1, "char": 1, "int32_t": 4, "uint32_t": 4, "int64_t": 8, "uint64_t": 8, "size_t": 8, "double": 8}


class Layout:
    """Of all structures together: one may hold another."""

    def __init__(self, types):
        self.aliases = {one.name: one.alias for one in types if one.alias}
        self.functions = {one.name for one in types if one.signature}
        self.types = {one.name: one for one in types if one.fields is not None}
        self.known = {}

    def measure(self, field):
        """(size, alignment) of a member."""
        if field.signature or field.type.endswith("*"):
            return 8, 8
        name = field.type
        while name in self.aliases:
            name = self.aliases[name]
        if name in self.functions:
            return 8, 8
        if name in self.types:
            _, size, alignment = self.of(name)
        elif name in BASIC:
            size = alignment = BASIC[name]
        else:
            raise KeyError(f"no size is known for {field.type} {field.name}")
        return size * field.count, alignment

    def of(self, name):
        """(offset of each member by name, size, alignment)"""
        if name not in self.known:
            offsets, place, widest = {}, 0, 1
            for field in self.types[name].fields:
                size, alignment = self.measure(field)
                place += -place % alignment
                offsets[field.name] = place
                place, widest = place + size, max(widest, alignment)
            self.known[name] = offsets, place + -place % widest, widest
        return self.known[name]

    def confirm(self, include, headers):
        """Has the C compiler confirm everything; its errors when it does not."""
        lines = ["#include <stddef.h>"] + [f"#include <{header}>" for header in headers]
        for name in self.types:
            offsets, size, _ = self.of(name)
            lines.append(f'_Static_assert(sizeof({name}) == {size}, "size of {name}");')
            lines += [f'_Static_assert(offsetof({name}, {member}) == {at}, "{name}.{member}");'
                      for member, at in offsets.items()]
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "layout.c")
            with open(file, "w", encoding="utf-8") as out:
                out.write("\n".join(lines) + "\n")
            command = [os.environ.get("CC", "cc"), "-std=c11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-I",
                       include, file]
            return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False).stderr
