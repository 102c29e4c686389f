"""Writes the reference as Markdown."""

import re
import textwrap

from headers import Comment, Macro

# What members that many structures have mean everywhere; a comment of their own goes first.
USUAL = {
    "struct_size": "Bytes of this structure, as its maker's header has it: `sizeof`.",
    "reserved": "Zero.",
    "context": "Passed back as the first argument of each function.",
}
INTERFACE = re.compile(r'"carillon\.[a-z.-]+/\d+"')
ESCAPED = re.compile(r"([*<>\[\]|])")
WIDTH = 120


def anchor(item):
    """A constant may differ from a structure by its case alone: links do not tell cases apart."""
    return ("constant-" if isinstance(item, Macro) else "") + item.name.lower()


def wrap(text, indent=""):
    return textwrap.wrap(text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


class Page:
    def __init__(self, headers, layout):
        self.headers, self.layout = headers, layout
        self.lines = []
        self.links = {item.name: anchor(item) for header in headers for group in header.groups
                      for item in group.items}

    def write(self):
        self.lines += [
            "# Plugin ABI: the reference", "",
            "Made from the headers by `make reference`; write there, not here. [README.md](README.md) says where to begin.",
            "Every name is in the [index](#index). Offsets and sizes are bytes, on 64-bit platforms.", "",
        ]
        self.contents()
        for header in self.headers:
            self.header(header)
        self.index()
        return "\n".join(self.lines).rstrip() + "\n"

    # ---- Contents and index ----

    def contents(self):
        self.lines += ["| header | what | since |", "|---|---|---|"]
        for header in self.headers:
            first = " ".join(header.purpose.text.split("\n\n")[0].split())
            first = re.sub(r"^Carillon plugin ABI: ", "", first)
            first = re.split(r"(?<=[.:])\s", first)[0].rstrip(":.")
            self.lines.append(f"| [`{header.path}`](#{self.section(header)}) | {self.prose(first)} | {self.since(header)} |")
        self.lines.append("")

    def index(self):
        self.lines += ["## Index"]
        for kind, chosen in (("Structures and functions", str.islower), ("Constants", str.isupper)):
            names = ", ".join(f"[`{name}`](#{link})" for name, link in sorted(self.links.items()) if chosen(name))
            self.lines += [""] + wrap(f"{kind}: {names}.")
        self.lines.append("")

    @staticmethod
    def section(header):
        return re.sub(r"[^a-z0-9_-]", "", header.path)

    @staticmethod
    def since(header):
        return f"0.{header.purpose.since or 1}"

    # ---- A header ----

    def header(self, header):
        purpose = header.purpose
        purpose.lines[0] = re.sub(r"^Carillon plugin ABI: (.)", lambda found: found[1].upper(), purpose.lines[0])
        self.lines += [f"## {header.path}", ""]
        if not any(group.items for group in header.groups):
            self.lines += wrap("Everything at once: " + ", ".join(f"`{name}`" for name in header.includes) + ".") + [""]
            return
        self.comment(purpose)
        for group in header.groups:
            self.group(group, header)

    def group(self, group, header):
        macros, types = [], []
        for item in group.items:
            (macros if isinstance(item, Macro) else types).append(item)
        # The comment above belongs to the first item; macros that a type follows are about the type.
        if types:
            self.lines += [f"### {types[0].name}", ""]
            self.about(group.comment, types[0])
        else:
            self.comment(group.comment)
        self.macros(macros, group)
        for index, item in enumerate(types):
            if index:
                self.lines += [f"### {item.name}", ""]
                self.about(item.comment, item)
            self.type(item, (item.comment if index else group.comment).since or header.purpose.since or 1)

    def macros(self, macros, group):
        plain = [macro for macro in macros if macro.parameters is None]
        for macro in macros:
            if macro.parameters is not None:
                self.lines += [f'<a id="{anchor(macro)}"></a>`{macro.name}{macro.parameters}`', ""]
                self.comment(macro.comment)
        if not plain:
            return
        self.lines += ["| constant | value | meaning |", "|---|---|---|"]
        for macro in plain:
            text = self.prose(" ".join(macro.comment.text.split()))
            if not text and INTERFACE.fullmatch(macro.value):
                text = "The interface's id."
            if not text and not group.comment:
                raise ValueError(f"{macro.name} has no comment")
            value = f"`{macro.value}`" if re.fullmatch(r'\w+|".*"', macro.value) else ""
            self.lines.append(f'| <a id="{anchor(macro)}"></a>`{macro.name}` | {value} | {text} |')
        self.lines.append("")

    # ---- A type ----

    def about(self, comment, item):
        """The comment of a type; of a function first its threads."""
        threads = re.match(r"\[([^\]]+)\]\s*", comment.text) if item.signature else None
        if threads:
            self.lines += [f"Threads: {threads[1]}.", ""]
            comment = Comment(comment.text[threads.end():].split("\n"))
        self.comment(comment, item)

    def type(self, item, since):
        if item.fields is not None:
            self.structure(item, since)
        elif item.signature:
            self.code(item.signature)
        elif item.alias:
            self.lines += [f"Is a `{item.alias}`.", ""]
        else:
            self.lines += ["Opaque.", ""]

    def structure(self, item, since):
        offsets, size, _ = self.layout.of(item.name)
        data = [field for field in item.fields if not field.signature]
        self.lines += [f"{size} bytes. Since 0.{since}.", ""]
        if data:
            self.lines += ["| offset | member | type | meaning |", "|---|---|---|---|"]
            for field in data:
                text = self.prose(" ".join(self.flat(field.comment))) or USUAL.get(field.name, "")
                count = f"[{field.count}]" if field.count > 1 else ""
                self.lines.append(f"| {offsets[field.name]} | `{field.name}` | {self.typed(field.type)}{count} | {text} |")
            self.lines.append("")
            for field in data:
                self.code_of(field)
        for field in item.fields:
            if field.signature:
                self.function(item, field, offsets[field.name])

    @staticmethod
    def flat(comment):
        return [line for line in comment.lines if line and not line.startswith("  ")]

    def code_of(self, field):
        """What is indented in a member's comment: a table cannot hold it."""
        code = [line for line in field.comment.lines if line.startswith("  ")]
        if code:
            self.lines += [f"`{field.name}`:", "", "```text"] + textwrap.dedent("\n".join(code)).split("\n") + ["```", ""]

    def function(self, item, field, offset):
        text = field.comment.text
        threads = re.match(r"\[([^\]]+)\]\s*", text)
        since = f" Since 0.{field.comment.since}." if field.comment.since else ""
        self.lines += [f'<a id="{anchor(item)}.{field.name}"></a>**`{field.name}`** at offset {offset}.{since}', ""]
        self.code(field.signature)
        says = threads[1] if threads else "a host thread; whether calls overlap is `thread_model`'s to say"
        self.lines += [f"- Threads: {says}."]
        rest = text[threads.end():] if threads else text
        if rest.strip():
            self.lines += wrap("- " + self.prose(" ".join(rest.split()), item), "  ")
        self.lines.append("")

    def code(self, signature):
        # A parameter stays on one line: only the spaces behind commas may be broken at.
        whole = re.sub(r"(?<!,) ", "\0", re.sub(r"\s+", " ", signature))
        wrapped = textwrap.wrap(whole, 100, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
        self.lines += ["```c"] + [line.replace("\0", " ") for line in wrapped] + ["```", ""]

    # ---- Words ----

    def comment(self, comment, item=None):
        """Paragraphs, and code where lines are indented."""
        block, code = [], False
        for index, line in enumerate(comment.lines):
            after = next((one for one in comment.lines[index:] if one), "")
            is_code = after.startswith("  ") and (code or bool(line))
            if is_code != code or not (line or code):
                self.paragraph(block, code, item)
                block = []
            code = is_code
            if line or code:
                block.append(line)
        self.paragraph(block, code, item)

    def paragraph(self, block, code, item):
        if not block:
            return
        if code:
            self.lines += ["```text"] + textwrap.dedent("\n".join(block)).split("\n") + ["```", ""]
        else:
            self.lines += wrap(self.prose(" ".join(block), item)) + [""]

    def prose(self, text, item=None):
        """Names that the page has become links."""
        own = {field.name for field in item.fields or [] if field.signature} if item and hasattr(item, "fields") else set()
        parts = []
        for index, part in enumerate(re.split(r"`([^`]*)`", text)):
            if index % 2:
                link = self.links.get(part) or (f"{anchor(item)}.{part}" if part in own else None)
                parts.append(f"[`{part}`](#{link})" if link else f"`{part}`")
            else:
                plain = ESCAPED.sub(r"\\\1", part)
                parts.append(re.sub(r"\b(?:carillon|CARILLON)_\w+", lambda found: self.linked(found[0]), plain))
        return "".join(parts)

    def linked(self, name):
        return f"[`{name}`](#{self.links[name]})" if name in self.links else f"`{name}`"

    def typed(self, text):
        name = re.search(r"carillon_\w+", text)
        return f"[`{text}`](#{self.links[name[0]]})" if name and name[0] in self.links else f"`{text}`"
