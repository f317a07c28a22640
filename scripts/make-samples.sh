#!/usr/bin/env bash
# Makes samples/ anew from scripts/samples/. Needs LibreOffice (writer, calc, impress) and the IPA fonts, which
# have the widths of the fonts that the documents name: fonts-ipafont-mincho, fonts-ipafont-gothic.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v soffice >/dev/null || { echo "make-samples: soffice (LibreOffice) is not installed" >&2; exit 1; }
mkdir -p samples
PYTHONDONTWRITEBYTECODE=1 python3 scripts/samples/make.py soffice samples
