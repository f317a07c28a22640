"""Opens a protected document in Python, prints its label and rights, and copies a part of its content to standard output.

    python3 show.py PROFILE FILE [OFFSET LENGTH]

Install: pip install kakuzuke-0.1.0-py3-none-any.whl (built from ffi/python).
"""

import sys

import kakuzuke


def main(profile, path, offset="0", length=None):
    with kakuzuke.Session(profile) as session, session.open(path, purpose="Python example") as document:
        may_print = "yes" if document.can(kakuzuke.PRINT) else document.denied_because(kakuzuke.PRINT)
        print(f"label: {document.label}\ngrade: {document.grade}\nname: {document.file_name}", file=sys.stderr)
        print(f"size: {document.size}\nprint: {may_print}", file=sys.stderr)
        document.seek(int(offset))
        left = document.size if length is None else int(length)
        while left > 0 and (piece := document.read(min(left, 65536))):
            sys.stdout.buffer.write(piece)
            left -= len(piece)


if __name__ == "__main__":
    if len(sys.argv) not in (3, 5):
        sys.exit(f"usage: {sys.argv[0]} PROFILE FILE [OFFSET LENGTH]")
    try:
        main(*sys.argv[1:])
    except kakuzuke.Error as error:
        print(error, file=sys.stderr)
        for name, value in (("根拠", error.clause), ("対応", error.remedies[kakuzuke.JAPANESE])):
            if value:
                print(f"{name}: {value}", file=sys.stderr)
        sys.exit(min(error.code, 255))
