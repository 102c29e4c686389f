"""Each kind of break in the protos is found, and what breaks nobody is not told. Run by deploy/check-protos.sh."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

import grpc_tools
from grpc_tools import protoc

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Proto"))
import compare  # noqa: E402

BASE = """
syntax = "proto3";
package carillon.v1;
import "carillon/v1/authorization.proto";
service Bells {
  rpc Ring(Bell) returns (Bell) { option (access) = {role: ROLE_OPERATOR, scope: SCOPE_NAMESPACE}; }
  rpc Hear(Bell) returns (stream Bell) { option (access) = {role: ROLE_VIEWER, scope: SCOPE_SHARED}; }
}
message Bell {
  enum State { STATE_UNSPECIFIED = 0; STATE_RINGING = 1; reserved 7; reserved "STATE_OLD"; }
  message Clapper { int32 weight = 1; }
  message Yoke { int32 weight = 1; }
  string name = 1;
  int32 weight = 2;
  repeated string tones = 3;
  Clapper clapper = 4;
  State state = 5;
  oneof hung { string tower = 6; string tree = 7; }
  optional int32 year = 8;
  reserved 10 to 12;
  reserved "rope";
}
message Other { string name = 1; }
enum Tone { TONE_UNSPECIFIED = 0; TONE_LOW = 1; }
"""

# What is changed, by what, and the words by which the break is told.
BREAKS = [
    ("a field is gone", "  int32 weight = 2;\n", "", "Bell.weight: the field is gone"),
    ("a field is renamed", "int32 weight = 2", "int32 mass = 2", "Bell.weight: the field is gone; 2 is mass now"),
    ("a field is renumbered", "int32 weight = 2", "int32 weight = 20", "Bell.weight: its number was 2 and is 20"),
    ("a field is retyped", "int32 weight = 2", "int64 weight = 2", "Bell.weight: it was int32 and is int64"),
    ("a field has another message", "Clapper clapper = 4", "Other clapper = 4", "Bell.clapper: it was"),
    ("a field is repeated", "  int32 weight = 2", "  repeated int32 weight = 2", "it was int32 and is repeated int32"),
    ("a field is single", "repeated string tones", "string tones", "it was repeated string and is string"),
    ("a field loses its presence", "optional int32 year", "int32 year", "it was optional int32 and is int32"),
    ("a field leaves its oneof", "oneof hung { string tower = 6; string tree = 7; }",
     "string tower = 6; oneof hung { string tree = 7; }", "Bell.tower: its oneof was hung and is none"),
    ("a field's JSON name is another", "int32 weight = 2;", "int32 weight = 2 [json_name = \"mass\"];",
     "its name in JSON was weight and is mass"),
    ("a method is gone", "  rpc Ring(Bell) returns (Bell) { option (access) = "
     "{role: ROLE_OPERATOR, scope: SCOPE_NAMESPACE}; }\n", "", "Bells/Ring: the method is gone"),
    ("a method takes another message", "Ring(Bell)", "Ring(Other)", "Bells/Ring: it took"),
    ("a method answers another message", "returns (Bell)", "returns (Other)", "Bells/Ring: it answered"),
    ("a method takes a stream", "Ring(Bell)", "Ring(stream Bell)", "and takes a stream"),
    ("a method answers one message", "returns (stream Bell)", "returns (Bell)", "and answers with one message"),
    ("a method asks for a higher role", "ROLE_OPERATOR", "ROLE_ADMIN", "it asked for the role operator and asks for admin"),
    ("a method reaches further than callers", "SCOPE_NAMESPACE", "SCOPE_FLEET", "its scope was namespace and is fleet"),
    ("a method says no more who may call it", " { option (access) = {role: ROLE_VIEWER, scope: SCOPE_SHARED}; }", ";",
     "Bells/Hear: it says no more who may call it"),
    ("a service is gone", "service Bells", "service Chimes", "carillon.v1.Bells: the service is gone"),
    ("a message is gone", "message Other { string name = 1; }\n", "", "carillon.v1.Other: the message is gone"),
    ("a nested message is gone", "  message Yoke { int32 weight = 1; }\n", "", "Bell.Yoke: the message is gone"),
    ("an enumeration is gone", "enum Tone { TONE_UNSPECIFIED = 0; TONE_LOW = 1; }\n", "",
     "carillon.v1.Tone: the enumeration is gone"),
    ("a value is gone", " STATE_RINGING = 1;", "", "Bell.State.STATE_RINGING: the value is gone"),
    ("a value is renumbered", "TONE_LOW = 1", "TONE_LOW = 2", "Tone.TONE_LOW: its number was 1 and is 2"),
    ("a reserved name is free", '  reserved "rope";\n', "", "the name rope is reserved no more"),
    ("reserved numbers are free", "reserved 10 to 12", "reserved 10 to 11", "10 to 12 is reserved no more"),
    ("a reserved number is used", "reserved 10 to 12;", "string rope_length = 11;", "rope_length = 11 uses what was"),
    ("a reserved value is free", " reserved 7;", "", "Bell.State: 7 is reserved no more"),
    ("a reserved value's name is used", ' reserved "STATE_OLD";', " STATE_OLD = 3;", "STATE_OLD = 3 uses what was"),
]

FINE = [
    ("nothing", "", ""),
    ("a new field", "  int32 weight = 2;\n", "  int32 weight = 2;\n  string maker = 20;\n"),
    ("a new value", "TONE_LOW = 1;", "TONE_LOW = 1; TONE_HIGH = 2;"),
    ("a new method", "service Bells {\n", "service Bells {\n  rpc Melt(Bell) returns (Bell) "
     "{ option (access) = {role: ROLE_ADMIN, scope: SCOPE_FLEET}; }\n"),
    ("a lower role", "ROLE_OPERATOR", "ROLE_VIEWER"),
    ("more is reserved", "reserved 10 to 12", "reserved 10 to 15"),
    ("a field is reserved that never was", '  reserved "rope";\n', '  reserved "rope", "wheel";\n'),
]


def descriptors(text):
    """The descriptor set of a proto that stands beside the real authorization.proto."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "carillon/v1/bells.proto")
        path.parent.mkdir(parents=True)
        path.write_text(text)
        out = f"{folder}/set.binpb"
        known = pathlib.Path(grpc_tools.__file__).parent / "_proto"
        code = protoc.main([
            "", f"-I{folder}", f"-I{ROOT}/Proto", f"-I{known}", "--include_imports", f"--descriptor_set_out={out}",
            str(path)])
        assert code == 0, text
        return compare.read(out), pathlib.Path(out).read_bytes()


class CompareTests(unittest.TestCase):
    def test_each_kind_of_break_is_found(self):
        base, _ = descriptors(BASE)
        for what, old, new, told in BREAKS:
            with self.subTest(what):
                self.assertIn(old, BASE)
                changed, _ = descriptors(BASE.replace(old, new, 1))
                breaks = list(compare.compare(base, changed))
                self.assertTrue(any(told in line for line in breaks), f"{what}: {breaks}")

    def test_what_breaks_nobody_is_not_told(self):
        base, _ = descriptors(BASE)
        for what, old, new in FINE:
            with self.subTest(what):
                self.assertIn(old, BASE)
                changed, _ = descriptors(BASE.replace(old, new, 1))
                self.assertEqual(list(compare.compare(base, changed)), [])

    def test_the_program_tells_every_break_and_fails(self):
        with tempfile.TemporaryDirectory() as folder:
            old, new = pathlib.Path(folder, "old"), pathlib.Path(folder, "new")
            old.write_bytes(descriptors(BASE)[1])
            new.write_bytes(descriptors(BASE.replace("weight = 2", "weight = 9").replace("TONE_LOW", "TONE_DEEP"))[1])
            program = [sys.executable, str(ROOT / "Proto/compare.py")]
            found = subprocess.run(program + [old, new], capture_output=True, text=True, check=False)
            self.assertEqual(found.returncode, 1)
            self.assertEqual(len(found.stdout.splitlines()), 2, found.stdout)
            self.assertEqual(subprocess.run(program + [old, old], check=False).returncode, 0)


if __name__ == "__main__":
    unittest.main()
