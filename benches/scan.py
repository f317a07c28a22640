#!/usr/bin/env python3
"""Measures scanning a share with its content judged, beside programs that read the same documents, in one run.

    benches/scan.py --corpus DIR [--folder DIR] [--rounds N] [--copies N] [--small N]

Real documents (DIR, copied N times so that starting a program is not what is measured) and, with --small, a share of N small files
for memory and for what a scan costs when nothing has changed, beside `find` with the same facts of every file. Rounds are
interleaved: every program once a round; medians with minimum and maximum, ratios to the first of each table in its own round.

grep -r and rg -z look for one word in raw bytes (rg also in what is compressed by gzip and the like; neither opens a document);
pdftotext and unzip -p take the text out of PDFs, and the bytes out of packages, one process a file, as many at a time as there are
processors: the nearest to what a scan does without what it does with the text. Apache Tika takes the text out of all of them (tika.py,
as many processes as processors), when this Python has the package `extractous` that brings it. A program that is not installed is
left out and named. Needs the release build.
"""

import argparse
import importlib.util
import os
import pathlib
import shutil
import statistics
import sys
import tempfile

from compare import ROOT, TARGET, run

PACKAGES = [".docx", ".xlsx", ".pptx", ".docm", ".xlsm", ".pptm", ".odt", ".ods", ".odp", ".odg", ".zip", ".jar", ".epub"]


def spread(values, digits=2):
    return "%.*f (%.*f–%.*f)" % (digits, statistics.median(values), digits, min(values), digits, max(values))


class Table:
    """Commands that are run once a round, the first the base of the ratios."""

    def __init__(self, files, size):
        self.commands, self.figures, self.files, self.size = [], {}, files, size

    def add(self, name, command, before=None, files=None, size=None):
        self.commands.append((name, command, before, files or self.files, size or self.size))

    def round(self):
        for name, command, before, _, _ in self.commands:
            if before:
                before()
            self.figures.setdefault(name, []).append(run(command, env={**os.environ, "LC_ALL": "C.UTF-8"}))

    def show(self):
        print("| | s, median (min–max) | ratio | files /s | MB /s | peak MiB |\n|---|---|---|---|---|---|")
        base = [seconds for seconds, _ in self.figures[self.commands[0][0]]]
        for name, _, _, files, size in self.commands:
            figures = self.figures[name]
            seconds = [s for s, _ in figures]
            ratios = [s / b for s, b in zip(seconds, base)]
            typical = statistics.median(seconds)
            print(f"| {name} | {spread(seconds)} | {spread(ratios)} | {files / typical:,.0f} | {size / typical / 1e6:,.1f} "
                  f"| {max(peak for _, peak in figures) >> 10} |")


def extents(folder, suffixes=None):
    paths = [p for p in folder.rglob("*") if p.is_file() and (suffixes is None or p.suffix.lower() in suffixes)]
    return paths, sum(p.stat().st_size for p in paths)


def listed(work, name, paths):
    place = work / name
    place.write_bytes(b"\0".join(os.fsencode(p) for p in paths))
    return place


def has_tika():
    return importlib.util.find_spec("extractous") is not None


def each(place, command):
    """One process a file; what fails on one file is no reason to stop."""
    return ["sh", "-c", f"xargs -0 -a '{place}' -P {os.cpu_count()} -n 1 sh -c '{command}' sh || true"]


def labeler(work, share, results, *rest):
    return [str(TARGET / "labeler"), "--profile", str(work / "profile"), "scan", str(share), "--results", str(results), *rest]


def documents(work, corpus, copies, rounds):
    share = work / "documents"
    for number in range(copies):
        shutil.copytree(corpus, share / str(number))
    paths, size = extents(share)
    table = Table(len(paths), size)
    fresh = lambda: (work / "results.jsonl").unlink(missing_ok=True)
    table.add("grep -r", ["sh", "-c", f"grep -r -l 機密性 '{share}' || true"])
    if shutil.which("rg"):
        table.add("rg -z", ["sh", "-c", f"rg -z -l 機密性 '{share}' || true"])
    pdfs, pdf_size = extents(share, [".pdf"])
    packages, package_size = extents(share, PACKAGES)
    if shutil.which("pdftotext"):
        table.add("pdftotext, the PDFs", each(listed(work, "pdfs", pdfs), 'timeout 20 pdftotext -q "$0" - >/dev/null 2>&1'), files=len(pdfs), size=pdf_size)
    table.add("unzip -p, the packages", each(listed(work, "packages", packages), 'timeout 20 unzip -qq -P "" -p "$0" >/dev/null 2>&1'), files=len(packages), size=package_size)
    if has_tika():
        table.add("Tika, text of all", [sys.executable, str(ROOT / "benches/tika.py"), str(listed(work, "all", paths)), str(os.cpu_count())])
    table.add("scan, content judged", labeler(work, share, work / "results.jsonl"), fresh)
    table.add("scan, the PDFs only", labeler(work, only(work, "pdf", pdfs), work / "pdf.jsonl"), lambda: (work / "pdf.jsonl").unlink(missing_ok=True), files=len(pdfs), size=pdf_size)
    table.add("scan, the packages only", labeler(work, only(work, "zip", packages), work / "zip.jsonl"), lambda: (work / "zip.jsonl").unlink(missing_ok=True), files=len(packages), size=package_size)
    table.add("scan --labels-only", labeler(work, share, work / "results.jsonl", "--labels-only"), fresh)
    table.add("scan, nothing changed", labeler(work, share, work / "results.jsonl"), lambda: run(labeler(work, share, work / "results.jsonl")))
    for _ in range(rounds):
        table.round()
    print(f"\n{len(paths):,} documents, {size / 1e6:,.0f} MB\n")
    table.show()


def only(work, name, paths):
    folder = work / f"only-{name}"
    folder.mkdir()
    for number, path in enumerate(paths):
        os.link(path, folder / f"{number}{path.suffix}")
    return folder


def small(work, files, rounds):
    share = work / "small"
    for number in range(files):
        folder = share / f"{number // 10_000:03}" / f"{number // 100 % 100:02}"
        if number % 100 == 0:
            folder.mkdir(parents=True)
        (folder / f"{number}.txt").write_text(f"会議の案内 {number}\n")
    _, size = extents(share) if files <= 100_000 else (None, files * 24)
    table = Table(files, size)
    results = work / "small.jsonl"
    facts = r"%i %s %T@ %C@ %p\n"
    table.add("find, with size and times", ["find", str(share), "-type", "f", "-printf", facts])
    table.add("find, names only", ["find", str(share), "-type", "f"])
    table.add("scan, the first time", labeler(work, share, results), lambda: results.unlink(missing_ok=True))
    table.add("scan, nothing changed", labeler(work, share, results))
    for _ in range(rounds):
        table.round()
    print(f"\n{files:,} small files\n")
    table.show()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=pathlib.Path, help="real documents")
    parser.add_argument("--folder", help="where to put the files (default: the temporary folder)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--copies", type=int, default=10)
    parser.add_argument("--small", type=int, default=0, metavar="N")
    args = parser.parse_args()
    missing = [name for name in ("rg", "pdftotext", "unzip") if not shutil.which(name)] + ([] if has_tika() else ["extractous"])
    print("not installed, not measured:", ", ".join(missing) or "none")
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        if args.corpus:
            documents(pathlib.Path(folder), args.corpus, args.copies, args.rounds)
        if args.small:
            small(pathlib.Path(folder), args.small, args.rounds)


if __name__ == "__main__":
    main()
