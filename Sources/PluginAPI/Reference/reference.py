#!/usr/bin/env python3
"""Writes docs/plugins/reference.md from the plugin ABI's headers.

usage: reference.py            writes the page
       reference.py --check    exits with 1 when the page is not what the headers say, or the compiler disagrees
"""

import difflib
import pathlib
import re
import sys

from headers import HeaderError, Reader
from layout import Layout
from page import Page

ROOT = pathlib.Path(__file__).resolve().parents[3]
INCLUDE = ROOT / "Sources/PluginAPI/CPluginAPI/include"
OUTPUT = ROOT / "docs/plugins/reference.md"
# The order in which an author reads them; headers that are not named here come after these, by name.
FIRST = ["carillon.h", "base.h", "plugin.h", "manifest.h", "host.h", "event_type.h", "sink.h"]


def headers():
    folder = INCLUDE / "carillon"
    paths = [str(path.relative_to(folder)) for path in folder.rglob("*.h")]
    paths.sort(key=lambda path: (FIRST.index(path) if path in FIRST else len(FIRST), path))
    return [Reader(f"carillon/{path}").read((folder / path).read_text("utf-8")) for path in paths]


def dangling(text):
    """Links to a place that the page does not have."""
    places = set(re.findall(r'<a id="([^"]+)">', text))
    places |= {re.sub(r"[^a-z0-9_ -]", "", line.lower()).replace(" ", "-") for line in re.findall(r"^#+ (.*)$", text, re.M)}
    return sorted(set(re.findall(r"\]\(#([^)]+)\)", text)) - places)


def main(arguments):
    if arguments not in ([], ["--check"]):
        sys.exit(__doc__)
    try:
        read = headers()
        layout = Layout([item for header in read for group in header.groups for item in group.items
                         if hasattr(item, "fields")])
        text = Page(read, layout).write()
    except (HeaderError, KeyError, ValueError) as error:
        sys.exit(f"reference: {error}")
    if missing := dangling(text):
        sys.exit(f"reference: links that lead nowhere: {', '.join(missing)}")
    if not arguments:
        OUTPUT.parent.mkdir(parents=True, exist_ok=True)
        OUTPUT.write_text(text, "utf-8")
        return
    if errors := layout.confirm(str(INCLUDE), [header.path for header in read]):
        sys.exit(f"reference: the compiler disagrees about the layout:\n{errors}")
    present = OUTPUT.read_text("utf-8") if OUTPUT.exists() else ""
    if present != text:
        sys.stdout.writelines(list(difflib.unified_diff(
            present.splitlines(True), text.splitlines(True), "as it is", "as the headers say"))[:60])
        sys.exit(f"{OUTPUT.relative_to(ROOT)} is not what the headers say: make reference")


main(sys.argv[1:])
