#!/usr/bin/env bash
# Files that are generated from the code are kept in the repository, so that people can read them there.
# This compares each with what its generator says now; `--write` writes them anew instead.
#
#   scripts/check-generated.sh [--check | --write]
#
# To add one: a line `generated FILE COMMAND…` below; COMMAND prints the file's whole content.
set -euo pipefail
cd "$(dirname "$0")/.."

mode=${1:---check}
case $mode in
    --check | --write) ;;
    *) echo "usage: $0 [--check | --write]" >&2; exit 64 ;;
esac

fresh=$(mktemp)
trap 'rm -f "$fresh"' EXIT
count=0
stale=0

generated() {
    local file=$1
    shift
    count=$((count + 1))
    if ! "$@" >"$fresh"; then
        echo "$file: its generator failed: $*"
        stale=$((stale + 1))
    elif [ "$mode" = --write ]; then
        mkdir -p "$(dirname "$file")"
        cmp -s "$fresh" "$file" || { cp "$fresh" "$file"; chmod 644 "$file"; echo "$file: written"; }
    elif ! diff -u "$file" "$fresh"; then
        echo "$file: differs from what the code says; run scripts/check-generated.sh --write"
        stale=$((stale + 1))
    fi
}

# The programs as the tests have built them: with these words nothing is compiled a second time with other features.
cargo build --quiet --workspace --bins --tests
programs=${CARGO_TARGET_DIR:-$PWD/target}/debug
export programs

# The list.
generated docs/openapi.json "$programs/kakuzuke-keyserver" openapi
generated docs/formats.md scripts/formats-page.sh
generated ffi/man/kakuzuke.3 ffi/manual.py

if [ "$stale" -gt 0 ]; then
    echo "$stale of $count generated files are stale"
    exit 1
fi
echo "$count generated files are as the code says"
