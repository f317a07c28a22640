#!/usr/bin/env bash
# Builds what Windows users get, from a checkout on Debian or Ubuntu: labeler.exe, kakuzuke.dll with its import library and header,
# and an installer for one user.
#
#   scripts/windows/build.sh [--trial] [OUT]
#
#   --trial   quickly built, to be tried; otherwise as released
#   OUT       folder to write to (target/windows/dist)
#
# Needs a Rust compiler with the sources of its standard library (Debian: rustc-web rust-web-src), a linker for Windows
# (gcc-mingw-w64-x86-64-posix) and wixl. RUSTC names another compiler.
set -euo pipefail
cd "$(dirname "$0")/../.."

profile=release
if [ "${1:-}" = --trial ]; then
    profile=trial
    shift
fi
case ${1:-} in -h | --help) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"; exit 0 ;; esac
target=x86_64-pc-windows-gnu
built=$PWD/target/windows
out=${1:-$built/dist}
mkdir -p "$out"

# The standard library is built along: no distribution brings it for Windows. Nothing of the linker's own is to lie beside the programs.
export RUSTC="${RUSTC:-/usr/bin/rustc}" RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR="$built"
export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER=x86_64-w64-mingw32-gcc-posix
export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUSTFLAGS="-C link-arg=-static"
export CC_x86_64_pc_windows_gnu=x86_64-w64-mingw32-gcc-posix
cargo build -Zbuild-std=std,panic_unwind --locked --target "$target" --profile "$profile" \
    -p labeler --no-default-features -p kakuzuke-ffi

from=$built/$target/$profile
cp "$from/labeler.exe" "$from/kakuzuke.dll" "$from/libkakuzuke.dll.a" ffi/include/kakuzuke.h "$out/"
if [ "$profile" = release ]; then
    x86_64-w64-mingw32-strip "$out/labeler.exe" "$out/kakuzuke.dll"
fi

version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
# wixl takes what lies beside the description.
cp scripts/windows/kakuzuke.wxs "$out/"
(cd "$out" && wixl --arch x64 -D VERSION="$version" -o kakuzuke.msi kakuzuke.wxs && rm kakuzuke.wxs)
ls -l "$out"
