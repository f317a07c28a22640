#!/usr/bin/env python3
"""Takes the text out of every file of a list with Apache Tika, as the package `extractous` brings it (Tika compiled to machine code,
so that no Java has to start). What fails is counted; it is no reason to stop.

    benches/tika.py LIST PROCESSES        LIST: paths, each ended by NUL

scan.py runs it as a peer when the Python it is run with has extractous.
"""
import multiprocessing
import sys

import extractous

extractor = None


def begin():
    global extractor
    extractor = extractous.Extractor()


def characters(path):
    try:
        return len(extractor.extract_file_to_string(path)[0])
    except Exception:  # whatever it finds wrong with a document
        return None


def main():
    paths = [path for path in open(sys.argv[1], "rb").read().decode().split("\0") if path]
    with multiprocessing.get_context("spawn").Pool(int(sys.argv[2]), begin) as pool:
        found = list(pool.imap_unordered(characters, paths, 8))
    print(f"{len(found)} files, {sum(n is None for n in found)} failed, {sum(n or 0 for n in found)} characters")


if __name__ == "__main__":
    main()
