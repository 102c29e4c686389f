"""Each kind of break in the ABI is found, and what breaks nobody is not told. Run by deploy/check-abi.sh."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "Sources/PluginAPI/abi"
sys.path.insert(0, str(SCRIPTS))
import compare  # noqa: E402
import gather  # noqa: E402
import pinned  # noqa: E402

BASE = """
#include <stddef.h>
#include <stdint.h>
#define CARILLON_CARILLON_H
#define CARILLON_ABI_MAJOR 0u
#define CARILLON_ABI_MINOR 3u
#define CARILLON_OK 0 /* done */
#define CARILLON_BUSY (-5)
#define CARILLON_BELL_1 "carillon.bell/1"
#define CARILLON_NAMED(name, text) static const char name[] = text
typedef struct carillon_str { const char *ptr; size_t len; } carillon_str;
typedef struct carillon_tower carillon_tower;
typedef int32_t carillon_status;
typedef carillon_status (*carillon_emit)(void *context, size_t bell, const carillon_str *tone);
typedef struct carillon_bell {
  uint32_t struct_size;
  uint32_t flags;
  carillon_str tone;
  int64_t weight;
  uint8_t marks[4];
  uint32_t reserved;
  carillon_status (*ring)(carillon_tower *tower, uint32_t times);
} carillon_bell;
const carillon_bell *carillon_bell_v1(void);
"""
NEWER = ("MINOR 3u", "MINOR 4u")
END = ("} carillon_bell;", "  int64_t hung;\n} carillon_bell;")

BREAKS = [
    ("a field is gone", [("  int64_t weight;\n", "")], "carillon_bell.weight is gone"),
    ("a field is renamed", [("int64_t weight;", "int64_t mass;")], "carillon_bell.weight is gone"),
    ("two fields change places", [("  uint32_t flags;\n  carillon_str tone;\n", "  uint32_t _pad;\n  carillon_str tone;\n"
                                   "  uint32_t flags, _more;\n")], "carillon_bell.flags was at 4"),
    ("a field comes in the middle", [NEWER, ("  int64_t weight;", "  int64_t height;\n  int64_t weight;")],
     "carillon_bell.height is new, and not at the end"),
    ("a field is smaller", [("  uint32_t flags;", "  uint16_t flags, rest;")], "carillon_bell.flags had 4 bytes, has 2"),
    ("another type of the same size", [("  int64_t weight;", "  double weight;")],
     'carillon_bell.weight was of type "int64_t"'),
    ("another sign", [("  int64_t weight;", "  uint64_t weight;")], 'is of type "uint64_t"'),
    ("a function takes more", [("carillon_tower *tower, uint32_t times", "carillon_tower *tower, uint32_t times, int how")],
     "carillon_bell.ring was of type"),
    ("a structure is gone", [("} carillon_bell;", "} carillon_gong;"), ("struct carillon_bell {", "struct carillon_gong {"),
                             ("const carillon_bell *", "const carillon_gong *")], "struct carillon_bell is gone"),
    ("a structure without struct_size grows", [NEWER, ("size_t len; }", "size_t len; size_t more; }")],
     "carillon_str has no struct_size"),
    ("it grows at its end in the same minor version", [END], "carillon_bell.hung"),
    ("a constant is new in the same minor version", [("#define CARILLON_OK 0", "#define CARILLON_OK 0\n#define CARILLON_NO 1")],
     "constant CARILLON_NO"),
    ("a constant has another value", [("CARILLON_OK 0", "CARILLON_OK 1")], "constant CARILLON_OK changed"),
    ("a negative constant has another value", [("(-5)", "(-6)")], "constant CARILLON_BUSY changed"),
    ("a text has another value", [("carillon.bell/1", "carillon.bell/2")], "constant CARILLON_BELL_1 changed"),
    ("a constant is gone", [("#define CARILLON_BUSY (-5)\n", "")], "constant CARILLON_BUSY is gone"),
    ("a macro takes more", [("NAMED(name, text)", "NAMED(name, text, more)")], "macro CARILLON_NAMED changed"),
    ("a type is another one", [("typedef int32_t carillon_status", "typedef int64_t carillon_status")],
     "typedef carillon_status changed"),
    ("a callback takes another type", [("size_t bell,", "uint32_t bell,")], "typedef carillon_emit changed"),
    ("the entry answers something else", [("const carillon_bell *carillon_bell_v1", "carillon_bell *carillon_bell_v1")],
     "function carillon_bell_v1 changed"),
    ("what was opaque is known", [NEWER, ("typedef struct carillon_tower carillon_tower",
                                          "typedef struct carillon_tower { int high; } carillon_tower")],
     "opaque carillon_tower is gone"),
    ("an older minor version", [("MINOR 3u", "MINOR 2u")], "the minor version was 3, is 2"),
    ("another major version", [("MAJOR 0u", "MAJOR 1u")], "that needs a baseline of its own"),
]

FINE = [
    ("nothing", []),
    ("a comment and a parameter's name", [("/* done */", ""), ("uint32_t times", "uint32_t strokes")]),
    ("a newer minor version", [NEWER]),
    ("a structure grows at its end", [NEWER, END]),
    ("a new structure, constant, type and macro", [NEWER, (
        "const carillon_bell *", "#define CARILLON_NEW 9\n#define CARILLON_TWICE(a) a a\n"
        "typedef struct carillon_rope { int long_; } carillon_rope;\nconst carillon_bell *")]),
]


def text(changes=()):
    """What gather.py writes about the changed header."""
    header = BASE
    for old, new in changes:
        assert old in header, old
        header = header.replace(old, new)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "carillon/carillon.h")
        path.parent.mkdir()
        path.write_text(header, encoding="utf-8")
        return gather.gather(folder)


class ABITests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.base = text()

    def breaks(self, changes):
        return list(compare.compare(compare.ABI(self.base), compare.ABI(text(changes))))

    def test_what_is_gathered(self):
        for line in [
            "version 0.3", "struct carillon_bell size 48 align 8", "  8 16 tone: carillon_str",
            "  32 4 marks: uint8_t[4]", "  40 8 ring: carillon_status (*)(carillon_tower *, uint32_t)",
            "opaque carillon_tower", "typedef carillon_status: int32_t", "constant CARILLON_OK = 0",
            "constant CARILLON_BUSY = -5", 'constant CARILLON_BELL_1 = "carillon.bell/1"',
            "macro CARILLON_NAMED(name,text)", "function carillon_bell_v1: const carillon_bell *(void)",
        ]:
            self.assertIn(line, self.base.splitlines())

    def test_each_kind_of_break_is_found(self):
        for what, changes, told in BREAKS:
            with self.subTest(what):
                found = self.breaks(changes)
                self.assertTrue(any(told in line for line in found), f"{what}: {found}")

    def test_what_breaks_nobody_is_not_told(self):
        for what, changes in FINE:
            with self.subTest(what):
                self.assertEqual(self.breaks(changes), [])

    def test_the_program_tells_every_break_and_fails(self):
        with tempfile.TemporaryDirectory() as folder:
            old, new = pathlib.Path(folder, "old"), pathlib.Path(folder, "new")
            old.write_text(self.base, encoding="utf-8")
            new.write_text(text([("CARILLON_OK 0", "CARILLON_OK 1"), ("  int64_t weight;", "  double weight;")]),
                           encoding="utf-8")
            program = [sys.executable, str(SCRIPTS / "compare.py")]
            found = subprocess.run(program + [old, new], capture_output=True, text=True, check=False)
            self.assertEqual(found.returncode, 1)
            self.assertEqual(len(found.stdout.splitlines()), 2, found.stdout)
            self.assertEqual(subprocess.run(program + [old, old], check=False).returncode, 0)

    def test_every_field_that_is_not_pinned_is_named(self):
        abi = compare.ABI(self.base)
        lines = list(pinned.missing(abi, ""))
        self.assertEqual(len(lines), 2 + 2 + 7)
        layout = "\n".join(lines)
        self.assertEqual(list(pinned.missing(abi, layout)), [])
        for line in lines:
            with self.subTest(line):
                self.assertEqual(list(pinned.missing(abi, layout.replace(line, ""))), [line])
        wrong = layout.replace("AT(carillon_bell, tone, 8);", "AT(carillon_bell, tone, 16);")
        self.assertEqual(list(pinned.missing(abi, wrong)), ["AT(carillon_bell, tone, 8);"])


if __name__ == "__main__":
    unittest.main()
