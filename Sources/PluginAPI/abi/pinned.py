"""Tells what of the plugin ABI layout.c does not pin.

  pinned.py CURRENT LAYOUT_C     a text of gather.py, and the file of golden offsets; exits with 1 when something is missing

The compiler checks that what layout.c says is so; this checks that it says it of every field of every structure. What is
missing is written as layout.c has it.
"""

import re
import sys

from compare import read

SIZE = re.compile(r"^SIZE\((\w+), (\d+)\);$", re.MULTILINE)
AT = re.compile(r"^AT\((\w+), (\w+), (\d+)\);$", re.MULTILINE)


def missing(abi, layout):
    """Yields the lines that layout.c lacks."""
    sizes = {(name, int(size)) for name, size in SIZE.findall(layout)}
    places = {(name, field, int(offset)) for name, field, offset in AT.findall(layout)}
    for name, (size, _, fields) in abi.structures.items():
        if (name, size) not in sizes:
            yield f"SIZE({name}, {size});"
        for field, offset, _, _ in fields:
            if (name, field, offset) not in places:
                yield f"AT({name}, {field}, {offset});"


def main(arguments):
    if len(arguments) != 2:
        raise SystemExit(__doc__)
    with open(arguments[1], encoding="utf-8") as file:
        lines = list(missing(read(arguments[0]), file.read()))
    if lines:
        print("layout.c does not pin:", *lines, sep="\n")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
