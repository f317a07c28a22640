#!/usr/bin/env python3
"""The manual page kakuzuke(3), made from the header: what the header says, so that `man kkz_document_open` answers.

    ffi/manual.py [HEADER]          prints the page

scripts/check-generated.sh compares the committed page with this. What the header has that is not understood here is an error:
nothing of it is left out silently.
"""
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
PART = re.compile(r"/\* ---- (.*) ---- \*/$")
NUMBER = re.compile(r"#define (KKZ_\w+) (\d+)$")
HANDLE = re.compile(r"typedef struct (\w+) \1;$")
NAME = re.compile(r"typedef (\w+) (kkz_\w+);$")
RECORD_END = re.compile(r"\} (kkz_\w+);$")
FUNCTION = re.compile(r"\b(kkz_\w+)\(")
GUARD = re.compile(r"#(ifndef KAKUZUKE_H|define KAKUZUKE_H|include .*|ifdef __cplusplus|endif.*)$|extern \"C\" \{$|\}  // extern \"C\"$")


class Unknown(Exception):
    """A line of the header that has no place in the page."""


def items(lines):
    """What the header has, in order: ('part', title), ('number', comment, text), ('type' …), ('record' …), ('function' …)."""
    comment, at = [], 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if line.startswith("//"):
            comment.append(line[2:].removeprefix(" "))
            continue
        if not line.strip() or GUARD.match(line):
            if not line.strip():
                comment = []
            continue
        if PART.match(line):
            yield "part", PART.match(line)[1], ""
            continue
        text = [line]
        kind = kind_of(line)
        while not is_whole(kind, text[-1]):
            text.append(lines[at])
            at += 1
        yield kind, comment, text
        comment = []


def kind_of(line):
    if NUMBER.match(line):
        return "number"
    if HANDLE.match(line) or NAME.match(line):
        return "type"
    if line == "typedef struct {":
        return "record"
    if FUNCTION.search(line):
        return "function"
    raise Unknown(line)


def is_whole(kind, line):
    return RECORD_END.match(line) is not None if kind == "record" else kind == "number" or line.endswith(";")


def said(text):
    """Text for the formatter: nothing of it is taken for an instruction."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text.startswith((".", "'")) else text


def paragraph(comment):
    """A comment; what follows `Promised:` stands by itself."""
    lines = []
    for line in comment:
        if line == "Promised:":
            lines += [".br", ".I Promised:"]
        elif line:
            lines.append(said(line))
    return lines


def as_written(lines):
    return [".nf", *[said(line) for line in lines], ".fi"]


def front(lines):
    """The words before the header's first line of C, and the number of lines they take."""
    end = next(number for number, line in enumerate(lines) if line.endswith("*/"))
    words = [line.removeprefix("/*").removeprefix(" *").removesuffix("*/").strip() for line in lines[: end + 1]]
    title, *rest = " ".join(word or "\n" for word in words).split("\n")
    rest = [block.strip() for block in rest if block.strip() and not block.strip().startswith("Generated from")]
    return title.strip(), rest, end + 1


def page(header):
    lines = header.splitlines()
    title, words, first = front(lines)
    found = list(items(lines[first:]))
    functions = [FUNCTION.search(" ".join(text))[1] for kind, _, text in found if kind == "function"]
    version = ".".join(text[0].split()[-1] for kind, _, text in found if kind == "number" and "_VERSION_" in text[0])
    out = [f'.TH KAKUZUKE 3 "" "libkakuzuke {version}" "Kakuzuke"', ".\\\" Generated from kakuzuke.h by manual.py. Do not edit.", ".nh", ".ad l"]
    out += [".SH NAME", said(", ".join(["kakuzuke", *functions])) + " \\- " + said(title.removeprefix("libkakuzuke: "))]
    out += [".SH SYNOPSIS", ".B #include <kakuzuke.h>", ".PP", ".RI \"cc program.c $(pkg\\-config \\-\\-cflags \\-\\-libs kakuzuke)\""]
    out += [".SH DESCRIPTION"]
    for block in words:
        out += [".PP", said(block)]
    return "\n".join(out + body(found) + ending()) + "\n"


def body(found):
    """Functions in their parts first, then types, records and numbers."""
    out, later = [], {"type": [], "record": [], "number": []}
    for kind, comment, text in found:
        if kind == "part":
            out += [f".SH {said(comment.upper())}"]
        elif kind == "function":
            out += [".SS " + FUNCTION.search(" ".join(text))[1], *as_written(text), ".PP", *paragraph(comment)]
        else:
            later[kind] += [".SS " + name_of(kind, text), *as_written(text), ".PP", *paragraph(comment)]
    for kind, heading in [("type", "TYPES"), ("record", "STRUCTS"), ("number", "NUMBERS")]:
        out += [f".SH {heading}", *later[kind]]
    return out


def name_of(kind, text):
    if kind == "number":
        return NUMBER.match(text[0])[1]
    if kind == "record":
        return RECORD_END.match(text[-1])[1]
    return (HANDLE.match(text[0]) or NAME.match(text[0])).groups()[-1]


def ending():
    """What the header does not say: where to read on."""
    return [
        ".SH ENVIRONMENT",
        ".TP", ".B KAKUZUKE_PROFILE", "The profile's folder, where none is given.",
        ".TP", ".B KAKUZUKE_PASSPHRASE", "Its passphrase, where none is asked for.",
        ".SH SEE ALSO",
        "The numbers and names of errors are in docs/ffi.md, whole programs in ffi/examples.",
    ]


def main():
    header = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "include/kakuzuke.h"
    try:
        sys.stdout.write(page(header.read_text(encoding="utf-8")))
    except Unknown as line:
        sys.exit(f"{header}: not understood: {line}")


if __name__ == "__main__":
    main()
