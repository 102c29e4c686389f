"""Tells what in the plugin ABI would break plugins or hosts that were compiled before.

  compare.py BASELINE CURRENT     two texts of gather.py; exits with 1 when something breaks

What may change: structures that begin with `struct_size` grow at their end, and there is more of everything. Whatever is
added needs a greater minor version than the baseline's, so that each side can tell what the other one knows.
"""

import sys

# Each line's first word, and what its name ends before.
SIMPLE = {"typedef": ":", "function": ":", "constant": " =", "opaque": None, "macro": "("}


class ABI:
    """A text of gather.py, taken apart."""

    def __init__(self, text):
        self.version, self.platform, self.structures, self.simple = (0, 0), "", {}, {}
        fields = None
        for line in text.splitlines():
            word, _, rest = line.strip().partition(" ")
            if line.startswith("  "):
                offset, size, rest = line.split(maxsplit=2)
                name, _, kind = rest.partition(": ")
                fields.append((name, int(offset), int(size), kind))
            elif word == "struct":
                name, _, size, _, alignment = rest.split()
                fields = []
                self.structures[name] = (int(size), int(alignment), fields)
            elif word == "version":
                major, minor = rest.split(".")
                self.version = (int(major), int(minor))
            elif word == "platform":
                self.platform = rest
            elif word in SIMPLE:
                name = rest.split(SIMPLE[word])[0] if SIMPLE[word] else rest
                self.simple[(word, name)] = rest
            elif word and word != "#":
                raise SystemExit(f"not a line of gather.py: {line}")


def compare(old, new):
    """Yields every break, as a sentence."""
    if old.platform != new.platform:
        yield f"the baseline is for {old.platform}, this is {new.platform}: compare on the same platform"
        return
    if old.version[0] != new.version[0]:
        yield f"the major version was {old.version[0]}, is {new.version[0]}: that needs a baseline of its own"
        return
    if new.version[1] < old.version[1]:
        yield f"the minor version was {old.version[1]}, is {new.version[1]}"
    additions = sorted(f"{kind} {name}" for kind, name in new.simple.keys() - old.simple.keys())
    for key, text in old.simple.items():
        yield from simple(key, text, new.simple.get(key))
    for name, structure in old.structures.items():
        if name not in new.structures:
            yield f"struct {name} is gone"
            continue
        breaks, grown = structure_breaks(name, structure, new.structures[name])
        yield from breaks
        additions += grown
    additions += [f"struct {name}" for name in new.structures if name not in old.structures]
    if additions and new.version[1] <= old.version[1]:
        yield (f"the minor version is still {new.version[1]}, but there is more than in the baseline: "
               + ", ".join(additions))


def simple(key, old, new):
    """Yields how a constant, a type, a function or a macro changed."""
    if new is None:
        yield f"{key[0]} {key[1]} is gone"
    elif new != old:
        yield f"{key[0]} {key[1]} changed: it was \"{old}\", is \"{new}\""


def structure_breaks(name, old, new):
    """How a structure changed: its breaks, and what it has more."""
    (old_size, old_alignment, old_fields), (new_size, new_alignment, new_fields) = old, new
    breaks = []
    places = {field[0]: field for field in new_fields}
    for field, offset, size, kind in old_fields:
        if field not in places:
            breaks.append(f"{name}.{field} is gone")
            continue
        _, new_offset, new_bytes, new_kind = places[field]
        if new_offset != offset:
            breaks.append(f"{name}.{field} was at {offset}, is at {new_offset}")
        if new_bytes != size:
            breaks.append(f"{name}.{field} had {size} bytes, has {new_bytes}")
        elif new_kind != kind:
            breaks.append(f"{name}.{field} was of type \"{kind}\", is of type \"{new_kind}\"")
    if new_alignment != old_alignment:
        breaks.append(f"{name} was aligned to {old_alignment}, is aligned to {new_alignment}")
    known = {field[0] for field in old_fields}
    more = [field for field in new_fields if field[0] not in known]
    early = [field for field in more if field[1] < old_size]
    breaks += [f"{name}.{field[0]} is new, and not at the end" for field in early]
    if more and (not old_fields or old_fields[0][0] != "struct_size"):
        breaks.append(f"{name} has no struct_size, and cannot grow")
    if new_size != old_size and not more:
        breaks.append(f"{name} had {old_size} bytes, has {new_size}")
    return breaks, [f"{name}.{field[0]}" for field in more]


def read(path):
    with open(path, encoding="utf-8") as file:
        return ABI(file.read())


def main(arguments):
    if len(arguments) != 2:
        raise SystemExit(__doc__)
    old, new = (read(path) for path in arguments)
    breaks = list(compare(old, new))
    for line in breaks:
        print(line)
    return 1 if breaks else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
