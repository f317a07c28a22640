#!/usr/bin/env bash
# Prints docs/formats.md with the table between its two marks made anew from the code. Run by check-generated.sh, which builds
# the program and says where it is.
set -euo pipefail
cd "$(dirname "$0")/.."
table=$(mktemp)
trap 'rm -f "$table"' EXIT
"${programs:-${CARGO_TARGET_DIR:-$PWD/target}/debug}/labeler" --lang ja formats --markdown >"$table"
awk -v table="$table" '
    /^<!-- end of table/ { skipping = 0 }
    !skipping { print }
    /^<!-- table: / { skipping = 1; print ""; while ((getline line < table) > 0) print line; print "" }
' docs/formats.md
