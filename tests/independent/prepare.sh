#!/usr/bin/env bash
# Makes the Python that tests/independent/reader.py needs, in target/python (or $CARGO_TARGET_DIR/python).
set -euo pipefail
cd "$(dirname "$0")/../.."
place=${CARGO_TARGET_DIR:-target}/python
[ -x "$place/bin/python" ] || python3 -m venv "$place"
"$place/bin/pip" install --quiet --disable-pip-version-check -r tests/independent/requirements.txt
echo "$place/bin/python"
