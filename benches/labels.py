#!/usr/bin/env python3
"""Measures writing a label into large documents beside `cp` of the same file, and scanning a share beside `grep -r`, in one run.

    benches/labels.py [--folder DIR] [--rounds N] [--files N]

A PDF of 200 MB, a workbook of 100 MB, and a share of many small files. Rounds are interleaved; medians with minimum and
maximum, ratios to the `cp` (`grep -r`) of the same round. Labelling leaves everything else of the document byte for byte and
returns when it is on the disk. Marking the PDF is measured with `formats/examples/mark.rs`. Needs the release build, as
compare.py does, and `cargo build --release -p kakuzuke-formats --example mark`.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import tempfile
import zipfile

from compare import TARGET, Agency, run, settle


def pdf(path, size):
    """One page, and one large object that nothing need read."""
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    ]
    places, at = [], 0
    with open(path, "wb") as out:
        at += out.write(b"%PDF-1.7\n")
        for number, part in enumerate(parts, 1):
            places.append(at)
            at += out.write(b"%d 0 obj\n%s\nendobj\n" % (number, part))
        places.append(at)
        at += out.write(b"4 0 obj\n<< /Length %d >>\nstream\n" % size)
        for _ in range(size >> 20):
            at += out.write(os.urandom(1 << 20))
        at += out.write(b"\nendstream\nendobj\n")
        out.write(b"xref\n0 5\n0000000000 65535 f \n")
        out.writelines(b"%010d 00000 n \n" % place for place in places)
        out.write(b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % at)


def workbook(path, sample, size):
    """A real workbook with a large picture."""
    with zipfile.ZipFile(sample) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as new:
        for part in old.infolist():
            new.writestr(part, old.read(part))
        with new.open("xl/media/large.bin", "w", force_zip64=True) as out:
            for _ in range(size >> 20):
                out.write(os.urandom(1 << 20))


def share(folder, files, samples):
    """Small files of every kind, a hundred a folder."""
    for number in range(files):
        place = folder / f"{number // 100:04}"
        place.mkdir(parents=True, exist_ok=True)
        sample = samples[number % len(samples)]
        shutil.copyfile(sample, place / f"{number}{sample.suffix}")


def row(name, figures, base):
    seconds = [s for s, _ in figures]
    ratios = [s / b for (s, _), (b, _) in zip(figures, base)]
    spread = lambda values, digits: "%.*f (%.*f–%.*f)" % (digits, statistics.median(values), digits, min(values), digits, max(values))
    print(f"| {name} | {spread(seconds, 2)} | {spread(ratios, 2)} | {max(k for _, k in figures) >> 10} |")


def label(agency, work, document, rounds):
    copy, other = work / f"copy{document.suffix}", work / f"cp{document.suffix}"
    plain, labelled = [], []
    for _ in range(rounds):
        for path in (copy, other):
            path.unlink(missing_ok=True)
        shutil.copyfile(document, copy)
        settle(copy)
        plain.append(run(["cp", str(document), str(other)]))
        labelled.append(agency.labeler("label", copy, "--grade", "C2I1A1"))
    row(f"cp, {document.suffix[1:]} of {document.stat().st_size >> 20} MiB", plain, plain)
    row("label", labelled, plain)


def mark(work, document, rounds):
    """The marking alone, from one file to another."""
    program = TARGET / "examples/mark"
    other, marked = work / "cp.pdf", work / "marked.pdf"
    plain, done = [], []
    for _ in range(rounds):
        for path in (other, marked):
            path.unlink(missing_ok=True)
        plain.append(run(["cp", str(document), str(other)]))
        done.append(run([str(program), str(document), str(marked), "機密性２情報　複製禁止", "複製禁止"]))
    row(f"cp, {document.suffix[1:]} of {document.stat().st_size >> 20} MiB", plain, plain)
    row("mark", done, plain)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", help="where to put the files (default: the temporary folder)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--files", type=int, default=20_000)
    args = parser.parse_args()
    samples = sorted((pathlib.Path(__file__).resolve().parent.parent / "samples").iterdir())
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        work = pathlib.Path(folder)
        agency = Agency(work)
        try:
            pdf(work / "large.pdf", 200 << 20)
            workbook(work / "large.xlsx", next(s for s in samples if s.suffix == ".xlsx"), 100 << 20)
            print("| | s, median (min–max) | ratio | peak MiB |\n|---|---|---|---|")
            for name in ("large.pdf", "large.xlsx"):
                label(agency, work, work / name, args.rounds)
            mark(work, work / "large.pdf", args.rounds)
            share(work / "share", args.files, [s for s in samples if s.is_file()])
            found, scanned, again = [], [], []
            for number in range(args.rounds):
                results = work / f"results-{number}.jsonl"
                found.append(run(["grep", "-r", "-l", "PK", str(work / "share")]))
                scanned.append(agency.labeler("scan", work / "share", "--results", results))
                again.append(agency.labeler("scan", work / "share", "--results", results))
            row(f"grep -r, {args.files} files", found, found)
            row("scan, the first time", scanned, found)
            row("scan, nothing changed", again, found)
        finally:
            agency.close()


if __name__ == "__main__":
    main()
