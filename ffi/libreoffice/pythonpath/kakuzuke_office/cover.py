"""表紙. Whether a file is one of ours, told from a few bytes of it, so that other documents open as fast as before."""

import os
import zipfile

MAGIC = b"\x89KKZ\r\n\x1a\n"
# As the covers are made (docs/formats.md): the name of the attached file in a PDF.
IN_PDF = b"/Kakuzuke"
# An envelope in an office cover lies in an embedded object; its beginning is near the object's.
NEAR = 1 << 16
PARTS = 64
WINDOW = 1 << 20
# Bytes of a PDF that are looked through at most.
PDF_MOST = 64 << 20


def is_protected(path):
    """Whether the file looks like a protected document. What can't be read is none; the library has the last word."""
    try:
        with open(path, "rb") as file:
            start = file.read(len(MAGIC))
            if start == MAGIC:
                return True
            if start.startswith(b"PK"):
                return _in_package(file)
            return start.startswith(b"%PDF-") and _in_pdf(file)
    except (OSError, ValueError, EOFError, NotImplementedError, RuntimeError, zipfile.BadZipFile, zipfile.zlib.error):
        return False


def _in_package(file):
    with zipfile.ZipFile(file) as package:
        embedded = [entry for entry in package.infolist() if _may_hold(entry.filename)]
        for entry in embedded[:PARTS]:
            with package.open(entry) as part:
                if MAGIC in part.read(NEAR):
                    return True
    return False


def _may_hold(name):
    folder, last = os.path.split(name)
    return last.endswith(".bin") or folder.endswith("embeddings") or last.startswith("Object ")


def _in_pdf(file):
    file.seek(0)
    before, read = b"", 0
    while read < PDF_MOST:
        window = file.read(WINDOW)
        if not window:
            return False
        if IN_PDF in before + window:
            return True
        before, read = window[-len(IN_PDF) :], read + len(window)
    return False
