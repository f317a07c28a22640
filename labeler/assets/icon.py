#!/usr/bin/env python3
"""Draws kakuzuke.ico: a sheet with a seal on it, in the sizes Explorer asks for. Writes beside itself; needs nothing else."""

import struct
import zlib
from pathlib import Path

SIZES = (16, 24, 32, 48, 64, 256)
PAPER, EDGE, LINE, SEAL, RING = (250, 250, 247), (90, 96, 105), (176, 182, 190), (190, 38, 45), (255, 255, 255)
FINE = 4  # samples a pixel, each way


def colour(x, y):
    """What lies at a place of the unit square: colour, or None for nothing."""
    if ((x - 0.66) ** 2 + (y - 0.68) ** 2) ** 0.5 < 0.27:
        far = ((x - 0.66) ** 2 + (y - 0.68) ** 2) ** 0.5
        if 0.185 < far < 0.215:
            return RING
        across = abs(x - 0.66) < 0.13 and (abs(y - 0.62) < 0.022 or abs(y - 0.74) < 0.022)
        down = abs(x - 0.66) < 0.022 and 0.55 < y < 0.81
        return RING if far < 0.185 and (across or down) else SEAL
    if not (0.14 < x < 0.82 and 0.05 < y < 0.95) or (x - 0.82) + (0.25 - y) > 0 and x > 0.62 and y < 0.25 and (x - 0.62) > y - 0.05:
        return None
    if x < 0.17 or x > 0.79 or y < 0.08 or y > 0.92:
        return EDGE
    lines = any(abs(y - at) < 0.018 for at in (0.3, 0.42, 0.54, 0.66, 0.78)) and 0.25 < x < 0.7
    return LINE if lines else PAPER


def pixel(size, column, row):
    found = [
        colour((column + (i + 0.5) / FINE) / size, (row + (j + 0.5) / FINE) / size) for i in range(FINE) for j in range(FINE)
    ]
    there = [one for one in found if one]
    if not there:
        return bytes(4)
    mean = [sum(one[part] for one in there) // len(there) for part in range(3)]
    return bytes((*mean, 255 * len(there) // len(found)))


def png(size):
    rows = b"".join(b"\0" + b"".join(pixel(size, column, row) for column in range(size)) for row in range(size))
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    head = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def main():
    pictures = [png(size) for size in SIZES]
    at, entries = 6 + 16 * len(SIZES), b""
    for size, picture in zip(SIZES, pictures):
        entries += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(picture), at)
        at += len(picture)
    icon = struct.pack("<HHH", 0, 1, len(SIZES)) + entries + b"".join(pictures)
    Path(__file__).with_name("kakuzuke.ico").write_bytes(icon)


if __name__ == "__main__":
    main()
