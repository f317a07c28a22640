#!/usr/bin/env python3
"""Measures opening a document in LibreOffice: protected, with the extension, beside the same document in clear, in one run of one office.

    benches/office.py [--rounds N] [--document FILE]

The office runs without a screen; a round opens and closes the clear one and the protected one, in turn which comes first. What
is measured is the call that loads the document, until its text is there. Medians with minimum and maximum, and the ratio within
a round. Needs the release build as compare.py does, LibreOffice, and a Python with UNO: run it with Debian's own.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
from compare import ROOT, TARGET, Agency

sys.path.insert(0, str(ROOT / "tests/tests/agency/office"))
import drive

PIPE = f"kakuzuke-bench-{os.getpid()}"


def install(work, profile):
    """The extension, for a LibreOffice with a profile of its own; how that one is started."""
    package = work / "kakuzuke.oxt"
    # What is installed for everybody goes to a folder of ours, not to the system's.
    places = [f"-env:UserInstallation=file://{work}/office", f"-env:UNO_SHARED_PACKAGES_CACHE=file://{work}/shared"]
    library = TARGET / "libkakuzuke.so"
    build = [sys.executable, str(ROOT / "ffi/libreoffice/build.py"), str(package)]
    subprocess.run([*build, "--set", f"Library={library}", "--set", f"Profile={profile}"], check=True)
    subprocess.run(["unopkg", "add", "--shared", *places, str(package)], check=True, capture_output=True)
    return ["soffice", *places, "--headless", "--norestore", "--nologo", f"--accept=pipe,name={PIPE};urp"]


def start(command):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return process, drive.Office(PIPE)


def opened(office, path):
    """Seconds until the document is there."""
    began = time.perf_counter()
    office.open(str(path))
    length = len(office.text())
    took = time.perf_counter() - began
    office.close()
    return took, length


def measure(office, clear, protected, rounds):
    times = {clear: [], protected: []}
    opened(office, clear), opened(office, protected)
    for turn in range(rounds):
        for path in (clear, protected) if turn % 2 else (protected, clear):
            took, length = opened(office, path)
            times[path].append((took, length))
    assert len({length for values in times.values() for _, length in values}) == 1, "both show the same text"
    return [[took for took, _ in times[path]] for path in (clear, protected)]


def said(name, values, digits):
    return f"{name}: {statistics.median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--document", type=pathlib.Path, default=next((ROOT / "samples").glob("*.docx")))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        clear, protected = (work / (name + given.document.suffix) for name in ("clear", "protected"))
        shutil.copy(given.document, clear), shutil.copy(given.document, protected)
        agency = Agency(work)
        try:
            agency.labeler("protect", protected, "--grade", "C2I1A1")
            command = install(work, work / "profile")
            for again in (True, False):
                # The second start has its working files in memory.
                process, office = start(command)
                if again:
                    office.quit(), process.wait()
            plain, ours = measure(office, clear, protected, given.rounds)
            office.quit(), process.wait()
        finally:
            agency.close()
    print(f"{given.document.name}, {given.document.stat().st_size} bytes, {given.rounds} rounds")
    print(said("in clear, s", plain, 3))
    print(said("protected, s", ours, 3))
    print(said("ratio", [b / a for a, b in zip(plain, ours)], 2))


if __name__ == "__main__":
    main()
