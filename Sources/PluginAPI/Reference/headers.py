"""Reads the plugin ABI's headers: the few forms that they have, and no other."""

import re
from dataclasses import dataclass, field


class HeaderError(Exception):
    """Something in a header that this does not know."""


@dataclass
class Comment:
    """A comment's lines, without its stars."""

    lines: list[str] = field(default_factory=list)

    def __bool__(self):
        return any(self.lines)

    @property
    def text(self):
        return "\n".join(self.lines)

    @property
    def since(self):
        found = re.search(r"Since\s+minor\s+version\s+(\d+)", self.text)
        return int(found[1]) if found else None


@dataclass
class Macro:
    name: str
    parameters: str | None  # of a function-like macro
    value: str
    comment: Comment
    line: int


@dataclass
class Field:
    """A structure's member. `signature` is the whole declaration of a function pointer, else None."""

    name: str
    type: str
    count: int  # of an array, else 1
    signature: str | None
    comment: Comment


@dataclass
class Type:
    """A typedef: of a structure (`fields`), of a function (`signature`), or of another type (`alias`)."""

    name: str
    comment: Comment
    line: int
    fields: list[Field] | None = None
    signature: str | None = None
    alias: str | None = None


@dataclass
class Group:
    """What stands together, with the comment above it. A group without items is a note."""

    comment: Comment
    items: list = field(default_factory=list)


@dataclass
class Header:
    path: str
    purpose: Comment
    groups: list[Group]
    includes: list[str]


TOKEN = re.compile(r"(?P<comment>/\*.*?\*/)|(?P<directive>^[ \t]*#(?:\\\n|/\*.*?\*/|[^\n])*)|(?P<space>\s+)"
                   r"|(?P<code>[^\s/#]+|/)", re.S | re.M)


def tokens(text, path):
    """(kind, text, line, whether it begins its line, whether an empty line is before it)"""
    place, line, fresh, gap = 0, 1, True, True
    while place < len(text):
        match = TOKEN.match(text, place)
        if not match:
            raise HeaderError(f"{path}:{line}: cannot read {text[place:place + 20]!r}")
        kind, piece = match.lastgroup, match[0]
        if kind == "space":
            breaks = piece.count("\n")
            fresh, gap = fresh or breaks > 0, gap or breaks > 1
        else:
            yield kind, piece, line, fresh, gap
            fresh = gap = False
        line += piece.count("\n")
        place = match.end()


def comment_of(piece):
    first, *others = piece[2:-2].split("\n")
    lines = [first.strip()] + [re.sub(r"^\s*\* ?", "", line).rstrip() for line in others]
    while lines and not lines[-1]:
        lines.pop()
    return Comment(lines)


class Reader:
    """One header."""

    def __init__(self, path):
        self.path = path
        self.groups = []
        self.purpose = None
        self.includes = []  # of other headers of the ABI
        self.conditions = []  # of #if: True when what is inside is left out
        self.declaration = []
        self.depth = 0
        self.start = 1
        self.parts = []  # (declaration or macro, comment above, comment behind, line)
        self.above = None

    def fail(self, line, why):
        raise HeaderError(f"{self.path}:{line}: {why}")

    def read(self, text):
        for kind, piece, line, fresh, gap in tokens(text, self.path):
            if kind == "comment":
                self.comment(comment_of(piece), fresh, gap)
            elif kind == "directive":
                self.directive(piece, line, gap)
            else:
                self.code(piece, line, gap)
        if self.declaration:
            self.fail(self.start, "a declaration without an end")
        self.close()
        if self.purpose is None:
            self.fail(1, "no comment at the head of the file")
        groups = [group for group in self.groups if group.comment or group.items]
        return Header(self.path, self.purpose, groups, self.includes)

    def comment(self, comment, fresh, gap):
        if self.declaration:
            self.declaration.append(comment if not fresh else ("above", comment))
        elif self.purpose is None:
            self.purpose = comment
        elif not fresh and self.last:
            self.last.comment = comment
        else:
            if gap or self.above:
                self.close()
            self.above = comment

    def close(self):
        """An empty line: what comes belongs to another group. A comment alone is a note."""
        if self.above:
            self.groups.append(Group(self.above))
        self.above = None
        self.last = None
        self.is_open = False

    last = None
    is_open = False

    def add(self, item, gap):
        """`gap`: an empty line before the item itself, or before the comment above it."""
        if self.above is not None and not gap:
            comment, self.above = self.above, None
            if self.is_open:
                item.comment = comment  # in the midst of a group: of this one alone
                self.groups[-1].items.append(item)
            else:
                self.groups.append(Group(comment, [item]))
        else:
            if gap:
                self.close()
            if not self.is_open:
                self.groups.append(Group(Comment()))
            self.groups[-1].items.append(item)
        self.is_open = True
        self.last = item

    def directive(self, piece, line, gap):
        words = re.sub(r"\\\n", " ", piece).split(None, 2)
        word = words[0] if words[0] != "#" else "#" + words[1]
        if word in ("#if", "#ifdef", "#ifndef"):
            self.conditions.append(not (word == "#ifndef" and len(self.conditions) == 0))
        elif word == "#else":
            self.conditions[-1] = True
        elif word == "#endif":
            self.conditions.pop()
        elif word == "#define" and not any(self.conditions):
            self.macro(piece, line, gap)
        elif word == "#include":
            self.includes += re.findall(r"<(carillon/[^>]+)>", piece)
        elif word not in ("#define", "#error"):
            self.fail(line, f"does not know {word}")

    def macro(self, piece, line, gap):
        behind = re.search(r"/\*(.*?)\*/\s*$", piece, re.S)
        body = re.sub(r"\\\n", " ", piece[: behind.start()] if behind else piece)
        found = re.match(r"\s*#define\s+(\w+)(\([^)]*\))?\s*(.*)", body, re.S)
        name, parameters, value = found[1], found[2], " ".join(found[3].split())
        if not value and name.endswith("_H"):
            return  # the include guard
        if value.startswith("__attribute__"):
            value = ""
        comment = comment_of(behind[0]) if behind else Comment()
        self.add(Macro(name, parameters, "" if parameters else value, comment, line), gap)

    def code(self, piece, line, gap):
        if any(self.conditions):
            return
        if not self.declaration:
            self.start, self.gap = line, gap
        self.declaration.append(piece)
        self.depth += piece.count("{") - piece.count("}")
        if self.depth == 0 and piece.endswith(";"):
            declaration, self.declaration = self.declaration, []
            self.declared(declaration)

    def declared(self, parts):
        code = " ".join(part for part in parts if isinstance(part, str))
        if found := re.fullmatch(r"typedef struct (\w+) \{.*\} (\w+);", code):
            item = Type(found[2], Comment(), self.start, fields=self.fields(parts))
        elif found := re.fullmatch(r"typedef struct (\w+) \1;", code):
            item = Type(found[1], Comment(), self.start, alias="")
        elif found := re.fullmatch(r"typedef (.+?)\(\*(\w+)\)\((.*)\);", code):
            item = Type(found[2], Comment(), self.start, signature=code)
        elif found := re.fullmatch(r"typedef ([\w ]+?) (\w+);", code):
            item = Type(found[2], Comment(), self.start, alias=found[1])
        elif found := re.fullmatch(r"[\w *]+?\*?(\w+)\([\w *,]*\);", code):
            item = Type(found[1], Comment(), self.start, signature=code)
        else:
            self.fail(self.start, f"does not know the form of: {code}")
        self.add(item, self.gap)

    def fields(self, parts):
        body = parts[:]
        while not (isinstance(body[0], str) and body[0].endswith("{")):
            body.pop(0)
        fields, words, above = [], [], Comment()
        for part in body[1:]:
            if isinstance(part, Comment):
                if words or not fields:
                    self.fail(self.start, f"a comment within a member: {part.text}")
                fields[-1].comment = part
            elif isinstance(part, tuple):
                above = part[1]
            elif part.startswith("}"):
                break
            else:
                words.append(part)
                if part.endswith(";"):
                    fields.append(self.member(" ".join(words), above))
                    words, above = [], Comment()
        return fields

    def member(self, code, comment):
        if found := re.fullmatch(r"(.+?)\(\*(\w+)\)\((.*)\);", code):
            return Field(found[2], "", 1, code, comment)
        if found := re.fullmatch(r"(.+?[ *])(\w+)(?:\[(\d+)\])?;", code):
            return Field(found[2], found[1].strip(), int(found[3] or 1), None, comment)
        self.fail(self.start, f"does not know the form of the member: {code}")
