"""Makes the sample set: flat OpenDocument from contents.py, converted by LibreOffice. See samples/README.md."""

import subprocess
import sys
import tempfile
from pathlib import Path

import contents

# name → LibreOffice's own name of the export filter; an embedded CJK font is cut to the glyphs used.
FILTERS = {
    ".docx": "docx:MS Word 2007 XML",
    ".odt": "odt",
    ".pdf": "pdf:writer_pdf_Export",
    ".xlsx": "xlsx:Calc MS Excel 2007 XML",
    ".pptx": "pptx:Impress MS PowerPoint 2007 XML",
}


def convert(office, folder, name, make, flat_ending, out):
    """One document. A plain file name on the way, so that nothing of the making shows in the result."""
    ending = Path(name).suffix
    flat = folder / f"sample.{flat_ending}"
    flat.write_text(make(), "utf-8")
    subprocess.run(
        [office, "--headless", "--norestore", f"-env:UserInstallation={(folder / 'profile').as_uri()}",
         "--convert-to", FILTERS[ending], "--outdir", str(folder), str(flat)],
        check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
    )
    (out / name).write_bytes((folder / f"sample{ending}").read_bytes())
    print(f"{name}: {(out / name).stat().st_size} bytes")


def main(office, out):
    out = Path(out)
    with tempfile.TemporaryDirectory() as folder:
        for name, (make, flat_ending) in contents.DOCUMENTS.items():
            convert(office, Path(folder), name, make, flat_ending, out)
    # The code page that Japanese office programs mean by Shift_JIS, with its line ends and extension letters.
    (out / "職員名簿.csv").write_bytes(contents.STAFF.replace("\n", "\r\n").encode("cp932"))


main(*sys.argv[1:])
