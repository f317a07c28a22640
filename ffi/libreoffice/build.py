#!/usr/bin/env python3
"""Packs the LibreOffice extension. The same files give the same bytes.

usage: build.py OUT.oxt [--library FILE] [--set NAME=VALUE]...

  --library FILE     a libkakuzuke to lie inside the extension; without it the installed one is used
  --set NAME=VALUE   a setting for everybody who gets this package, by its name in registry/Settings.xcs
"""

import argparse
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

HERE = Path(__file__).resolve().parent
# No clock in the package: the earliest time a ZIP can say.
EARLIEST = (1980, 1, 1, 0, 0, 0)
PACKED = ("META-INF/manifest.xml", "description.xml", "component.py", "registry/*", "pythonpath/**/*.py", "text/*", "icons/*")
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:component-data xmlns:oor="http://openoffice.org/2001/registry" oor:name="Office" oor:package="jp.kakuzuke">
  <node oor:name="Settings">{}</node>
</oor:component-data>
"""


def add(package, name, content):
    entry = zipfile.ZipInfo(name, EARLIEST)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    package.writestr(entry, content)


def settings(values):
    pairs = [value.partition("=") for value in values]
    return SETTINGS.format("".join(f"<prop oor:name={quoteattr(n)}><value>{escape(v)}</value></prop>" for n, _, v in pairs))


def pack(out, library, values):
    files = sorted({path for pattern in PACKED for path in HERE.glob(pattern) if path.is_file()})
    with zipfile.ZipFile(out, "w") as package:
        for path in files:
            add(package, path.relative_to(HERE).as_posix(), path.read_bytes())
        add(package, "registry/Settings.xcu", settings(values))
        if library:
            add(package, Path(library).name, Path(library).read_bytes())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1])
    parser.add_argument("out")
    parser.add_argument("--library")
    parser.add_argument("--set", action="append", default=[], dest="values")
    given = parser.parse_args()
    pack(given.out, given.library, given.values)
