#!/usr/bin/env python3
"""Measures reading a protected document through libkakuzuke from C, beside pread() on the plain file and `age -d`, `gpg -d` to
nowhere, in one run.

    benches/library.py [--folder DIR] [--rounds N] [--mib N]

Everything is in the page cache before a clock starts. Rounds are interleaved; medians with minimum and maximum; ratios to
pread() of the same thing. age and gpg can only go from front to back: their first byte is when the first is on their standard
output. Needs the release build, as compare.py does, with `-p kakuzuke-ffi`, and a C compiler.
"""

import argparse
import collections
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

from compare import ROOT, TARGET, Agency, fill, programs, settle, spread


def built(work):
    """The measuring program, against the library of the release build."""
    program = work / "library"
    flags = ["-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread", "-I", ROOT / "ffi/include"]
    subprocess.run(["cc", *flags, ROOT / "benches/library.c", "-o", program, "-L", TARGET, "-lkakuzuke"], check=True)
    return program


def piped(command):
    """Seconds until the first byte, and until the last, of a program that writes to its standard output."""
    began = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0)
    child.stdout.read(1)
    first = time.perf_counter() - began
    while child.stdout.read(1 << 20):
        pass
    if child.wait() != 0:
        sys.exit(f"{command[0]} failed")
    return first, time.perf_counter() - began


def measured(program, agency, peers, files, size):
    """One round of everything: (what, value)."""
    env = {**agency.env, "LD_LIBRARY_PATH": str(TARGET)}
    for what, path in files["kakuzuke"].items():
        output = subprocess.run([program, path, files["plain"], "1"], check=True, capture_output=True, text=True, env=env).stdout
        for line in output.splitlines():
            name, value = line.split("\t")
            yield (name if name.startswith("pread") else f"{name} ({what})"), float(value)
    for name, decrypt in peers.items():
        first, whole = piped(decrypt)
        yield f"{name} -d, open and first byte, s", first
        yield f"{name} -d, front to back, 1 threads, MB/s", size / 1e6 / whole


def table(figures):
    print("| | median (min–max) | ratio to pread() |\n|---|---|---|")
    for name, values in figures.items():
        base = figures.get("pread," + name.split(",", 1)[1].split(" (")[0], values)
        digits = 6 if name.split(" (")[0].endswith(", s") else 0
        ratio = statistics.median(values) / statistics.median(base)
        shown = "" if base is values else f"{ratio:.3g}"
        print(f"| {name} | {spread(values, digits)} | {shown} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", help="where to put the files (default: the temporary folder)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds, default 5")
    parser.add_argument("--mib", type=int, default=1024, help="size of the document, default 1024")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kakuzuke-bench-", dir=args.folder) as folder:
        work = pathlib.Path(folder)
        program = built(work)
        agency = Agency(work)
        try:
            size = args.mib << 20
            plain = work / "plain.bin"
            fill(plain, size)
            files = {"plain": plain, "kakuzuke": {}}
            for what, more in {"no trailer": [], "with trailer": ["--sign"]}.items():
                copy = work / f"{what.split()[0]}.bin"
                copy.write_bytes(plain.read_bytes())
                agency.labeler("protect", copy, "--grade", "C2I1A1", *more)
                files["kakuzuke"][what] = copy.with_name(copy.name + ".kkz")
            peers = {}
            for name, (encrypt, decrypt) in programs(work).items():
                if name in ("age", "gpg"):
                    sealed = work / f"{name}.sealed"
                    subprocess.run(encrypt(str(plain), str(sealed)), check=True, stderr=subprocess.DEVNULL)
                    peers[name] = decrypt(str(sealed), "-")
            settle(work)
            figures = collections.defaultdict(list)
            for _ in range(args.rounds):
                for name, value in measured(program, agency, peers, files, size):
                    figures[name].append(value)
            print(f"cores: {os.cpu_count()}; {args.mib} MiB; {args.rounds} rounds; peers: {', '.join(peers) or 'none'}\n")
            table(figures)
        finally:
            agency.close()


if __name__ == "__main__":
    main()
