#!/usr/bin/env bash
# Runs every check of this repository, in order: format, house rules, dependencies, lints, tests,
# documentation tests, generated files. Installs what they need first, and says what.
#
#   ./test.sh [--no-install] [--quick] [-- TEST-FILTER…]
#
#   --no-install   install nothing; tests whose tool is missing say "skipped"
#   --quick        format, house rules, dependencies and compilation only
#
# Exits 0 only if everything passed. A step that fails does not stop the ones after it.
set -euo pipefail
cd "$(dirname "$0")"

install=yes
quick=no
while [ $# -gt 0 ]; do
    case $1 in
        --no-install) install=no ;;
        --quick) quick=yes ;;
        --) shift; break ;;
        -h | --help) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"; exit 0 ;;
        *) echo "test.sh: unknown option $1 (see --help)" >&2; exit 64 ;;
    esac
    shift
done

# ---------------------------------------------------------------------------------------------- what is needed

# Debian and Ubuntu package, and the command that shows it is there.
needed=(
    "gcc gcc"
    "libc6-dev -"
    "python3 python3"
    "python3-venv -"
    "libreoffice-writer -"
    "libreoffice-calc -"
    "libreoffice-impress -"
    "libreoffice-draw -"
    "libreoffice-l10n-ja -"
    "python3-uno -"
    "fonts-noto-cjk -"
    "qpdf qpdf"
    "poppler-utils pdftotext"
    "mupdf-tools mutool"
    "libnss3-tools certutil"
    "libxml2-utils xmllint"
    "unzip unzip"
    "openssl openssl"
    "age age"
    "gnupg gpg"
    "valgrind valgrind"
    "libfaketime -"
    "shared-mime-info update-mime-database"
    "libglib2.0-bin gio"
    "xdg-utils xdg-mime"
    "desktop-file-utils desktop-file-validate"
    "imagemagick identify"
    "make make"
    "zathura zathura"
    "zathura-dev -"
    "libgirara-dev -"
    "libmupdf-dev -"
    "libjbig2dec0-dev -"
    "libmujs-dev -"
    "libgumbo-dev -"
    "libopenjp2-7-dev -"
    "xvfb Xvfb"
    "xdotool xdotool"
    "xclip xclip"
    "pkg-config pkg-config"
    "g++ g++"
    "libssl-dev -"
    "zlib1g-dev -"
    "chromium chromium"
)
# What builds the programs for Windows and tries them. Not every distribution has a compiler with its library's sources.
for_windows=(
    "rustc-web /usr/bin/rustc"
    "rust-web-src -"
    "gcc-mingw-w64-x86-64-posix x86_64-w64-mingw32-gcc-posix"
    "wine64 -"
    "wixl wixl"
)
requirements=tests/independent/requirements.txt
venv=target/venv

is_installed() { # PACKAGE COMMAND
    if [ "$2" != - ]; then
        command -v "$2" >/dev/null
    else
        # The office's -nogui variants, which exclude the full ones, won't do: their sheets have no window to open in.
        { dpkg-query -W -f '${Status}\n' "$1" 2>/dev/null || true; } | grep -q '^install ok installed$'
    fi
}

install_packages() { # ENTRY…
    if ! command -v apt-get >/dev/null; then
        echo "Not Debian or Ubuntu: install by hand what the tests say they skip. Nothing is installed here."
        return 1
    fi
    local missing=() entry
    for entry in "$@"; do
        # shellcheck disable=SC2086 # an entry is two words
        is_installed $entry || missing+=("${entry%% *}")
    done
    if [ ${#missing[@]} -eq 0 ]; then
        echo "Debian packages: all there, nothing to install."
        return 0
    fi
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if command -v sudo >/dev/null; then
            as_root=(sudo)
        else
            echo "Neither root nor sudo: can't install ${missing[*]}"
            return 1
        fi
    fi
    echo "Will install these Debian packages: ${missing[*]}"
    # An index that could not be refreshed may still do.
    "${as_root[@]}" apt-get update -qq </dev/null || echo "The package index could not be refreshed."
    if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >target/apt.log 2>&1; then
        tail -n 20 target/apt.log
        return 1
    fi
}

install_python() {
    [ -f "$requirements" ] || return 0
    if [ -x "$venv/bin/python3" ] && cmp -s "$requirements" "$venv/requirements.txt"; then
        echo "Python packages: all there, nothing to install."
        return 0
    fi
    echo "Will install these Python packages into $venv: $(grep -v '^ *\(#\|--\|$\)' "$requirements" | cut -d' ' -f1 | tr '\n' ' ')"
    rm -rf "$venv"
    python3 -m venv "$venv" &&
        "$venv/bin/python3" -m pip install --quiet --disable-pip-version-check -r "$requirements" &&
        cp "$requirements" "$venv/requirements.txt"
}

# The C library is installed by cargo-c. The newest that Rust 1.95 builds.
cargo_c=0.10.24+cargo-0.98.0

install_cargo_c() {
    # Where cargo puts what it installs.
    export PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
    if command -v cargo-cinstall >/dev/null; then
        return 0
    fi
    echo "Will install cargo-c $cargo_c (cargo install; some minutes)"
    CARGO_PROFILE_DEV_DEBUG=0 cargo install cargo-c --version "$cargo_c" --locked --debug --quiet </dev/null
}

# ---------------------------------------------------------------------------------------------- steps

mkdir -p target
rm -f target/tests.log
steps=()
failed=0

step() { # NAME COMMAND…
    local name=$1 began=$SECONDS outcome
    shift
    echo
    echo "== $name"
    if "$@"; then
        outcome=ok
    else
        outcome=FAILED
        failed=$((failed + 1))
    fi
    steps+=("$(printf '%-8s%5ds  %s' "$outcome" $((SECONDS - began)) "$name")")
}

skip() { # NAME WHY
    echo
    echo "== $1: skipped: $2"
    steps+=("$(printf '%-8s%5s   %s' skipped - "$1: $2")")
}

run_tests() { # FILTER…
    # The programs and the tests are built together once, so that no test waits for a build of its own.
    cargo build --workspace --lib --bins --tests || return 1
    KAKUZUKE_BIN_DIR="${CARGO_TARGET_DIR:-$PWD/target}/debug"
    export KAKUZUKE_BIN_DIR
    # So is the C library, with the words of tests/src/library.rs.
    if command -v cargo-cbuild >/dev/null; then
        local capi="${CARGO_TARGET_DIR:-$PWD/target}/capi"
        cargo cbuild --package kakuzuke-ffi --profile dev --locked --libdir lib --target-dir "$capi" --prefix "$capi/prefix" || return 1
    fi
    if cargo nextest --version >/dev/null 2>&1; then
        cargo nextest run --workspace "$@" 2>&1 | tee target/tests.log
    else
        cargo test --workspace --no-fail-fast --lib --bins --tests -- "$@" 2>&1 | tee target/tests.log
    fi
}

# What was not installed is what a test may skip.
if [ "$install" = yes ]; then
    if install_packages "${needed[@]}" && install_python && install_cargo_c; then
        export KAKUZUKE_REQUIRE_TOOLS=1
        if ! install_packages "${for_windows[@]}"; then
            echo "The programs for Windows can't be built here: their tests will say so."
            export KAKUZUKE_WITHOUT_WINDOWS=1
        fi
    else
        echo "Some tools could not be installed: the tests that need them will say so."
        unset KAKUZUKE_REQUIRE_TOOLS
    fi
else
    echo "Nothing is installed (--no-install)."
fi
if [ -x "$venv/bin/python3" ]; then
    export KAKUZUKE_PYTHON="$PWD/$venv/bin/python3"
fi

build_for_windows() {
    scripts/windows/build.sh --trial "$PWD/target/windows/trial" || return 1
    export KAKUZUKE_WINDOWS_DIR="$PWD/target/windows/trial"
}

step "format" cargo fmt --all --check
step "house rules" python3 scripts/check-floors.py
if cargo deny --version >/dev/null 2>&1; then
    # Packages for other systems are looked at, too, and no build here fetches them.
    step "licences, bans, sources" sh -c "cargo fetch --locked && cargo deny --offline check licenses bans sources"
else
    skip "licences, bans, sources" "cargo-deny is not installed (cargo install cargo-deny --locked)"
fi
if [ "$quick" = yes ]; then
    step "compile" cargo check --workspace --all-targets
else
    step "lints" cargo clippy --workspace --all-targets -- -D warnings
    if [ -d /usr/lib/rustlib/src/rust/library/std ] && command -v x86_64-w64-mingw32-gcc-posix >/dev/null && command -v wixl >/dev/null; then
        step "programs for Windows" build_for_windows
    else
        skip "programs for Windows" "rustc-web, rust-web-src, gcc-mingw-w64-x86-64-posix or wixl is not installed"
    fi
    step "tests" run_tests "$@"
    step "documentation tests" cargo test --workspace --doc --quiet
    step "generated files" scripts/check-generated.sh
fi

echo
echo "== Summary"
printf '%s\n' "${steps[@]}"
# The test runner's own closing lines, so that a reader of the end of this output sees how many ran.
if [ "$quick" = no ] && [ -f target/tests.log ]; then
    grep -aE '^ *Summary \[|^test result: ' target/tests.log || true
fi
if [ "$failed" -gt 0 ]; then
    echo "FAILED: $failed of ${#steps[@]} steps"
    exit 1
fi
echo "All ${#steps[@]} steps passed."
