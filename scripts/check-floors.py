#!/usr/bin/env python3
"""Checks the rules of the house that no compiler checks. See ARCHITECTURE.md for the plan.

Reads `cargo metadata` and the sources of the working tree; prints each violation as `file:line: what` and
exits 1 when there is any. Rules: which workspace package may import which; what the pure floors never
touch; where SQL, algorithms and `unsafe` may stand; sizes and names of files; no path of one machine.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

ANY = None  # may import every workspace package

# package: (folder, workspace packages it may import, inherits the workspace's lints)
FLOORS = {
    "kakuzuke-core": ("core", set(), True),
    "kakuzuke-formats": ("formats", {"kakuzuke-core"}, True),
    "kakuzuke-keyserver": ("keyserver", {"kakuzuke-core"}, True),
    "kakuzuke-windows": ("windows", set(), False),  # calls of a system whose interface is C
    "kakuzuke": ("sdk", {"kakuzuke-core", "kakuzuke-formats", "kakuzuke-windows"}, True),
    "kakuzuke-ffi": ("ffi", {"kakuzuke"}, False),  # pointers from C
    "labeler": ("labeler", {"kakuzuke", "kakuzuke-keyserver", "kakuzuke-windows"}, True),
    "kakuzuke-tests": ("tests", ANY, False),
    "kakuzuke-benches": ("benches", ANY, False),
}
BESIDE = {"kakuzuke-tests", "kakuzuke-benches"}  # imported by nothing
ONLY_OPTIONAL = {("labeler", "kakuzuke-keyserver")}  # behind a feature

PRODUCT = ("windows", "core", "formats", "keyserver", "sdk", "ffi", "labeler")
MAX_LINES = 500
BANNED_NAMES = {"util", "utils", "common", "helper", "helpers", "manager", "misc", "v2"}

# (folders, folders or files excepted, pattern, what is wrong)
SOURCE_RULES = [
    (
        ("core/src",),
        (),
        r"\bstd::(fs|net|process|env|thread)\b|\bSystemTime\b|\bInstant\b|\bOsRng\b|\bThreadRng\b|\bgetrandom\b",
        "core is pure: no disk, socket, process, environment, thread, clock or system randomness",
    ),
    (("core/src", "formats/src"), (), r"\basync\s+fn\b|\btokio::|\blog::|\btracing::", "floors 0 and 1 know no async and no log"),
    (
        ("formats/src",),
        (),
        r"\bstd::(net|process|env)\b|\bfs::(read|write|create|remove|rename|open|copy)|\bFile::(open|create)|\bOpenOptions\b"
        r"|\bSystemTime\b|\bInstant\b|\bOsRng\b|\bgetrandom\b|\b(seal_key|ContentKey)\b",
        "formats gets bytes from its caller: no path, socket, clock, randomness or key",
    ),
    (
        PRODUCT,
        ("core/src/crypto", "core/Cargo.toml"),
        r"\b(aes_gcm|x25519_dalek|ed25519_dalek|ml_kem|p256|p384|rsa|sha2|sha3|shake|hkdf|hmac)::|\baws_lc_rs::(?!default_provider)",
        "only core/src/crypto names an algorithm's crate",
    ),
    (
        PRODUCT,
        ("keyserver/src/store", "keyserver/tests"),
        r'\brusqlite::|"\s*(SELECT\b.*\bFROM\b|INSERT\s+(OR\s+\w+\s+)?INTO\b|UPDATE\s+\w+\s+SET\b|DELETE\s+FROM\b|CREATE\s+(UNIQUE\s+)?(TABLE|INDEX)\b|PRAGMA\b)',
        "only keyserver/src/store speaks SQL",
    ),
    (
        ("core", "formats", "keyserver", "sdk", "labeler"),
        (),
        r"\bunsafe\s*(\{|fn\b|impl\b|extern\b|trait\b)",
        "unsafe is allowed in ffi and windows only",
    ),
    (
        ("core/src", "formats/src", "labeler/src", "sdk/src"),
        ("sdk/src/platform", "formats/src/source.rs", "labeler/src/platform", "labeler/src/demo"),
        r"\b(std::)?os::(unix|windows|linux|fd)\b|\brustix::|\bwinapi_util::|\bkakuzuke_windows::|\bcfg\((unix|windows|target_os)",
        "only the platform rooms know on which system they run",
    ),
    (("windows/src", "core/src", "formats/src", "keyserver/src", "sdk/src", "ffi/src", "labeler/src"), (), r"\b(todo|unimplemented)!\(", "no placeholder in the product"),
]

violations = []


def report(where, what):
    violations.append(f"{where}: {what}")


def check_imports():
    """Who imports whom, from the manifests: normal, build and test dependencies alike."""
    command = ["cargo", "metadata", "--no-deps", "--offline", "--format-version", "1"]
    packages = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)["packages"]
    for package in packages:
        name = package["name"]
        manifest = Path(package["manifest_path"])
        where = manifest.relative_to(ROOT)
        if name not in FLOORS:
            report(where, f"package {name} has no floor: give it one in ARCHITECTURE.md and in {Path(__file__).name}")
            continue
        folder, allowed, strict = FLOORS[name]
        if where.parent != Path(folder):
            report(where, f"package {name} lives in {folder}/")
        if strict and not re.search(r"^\[lints\]\s*\nworkspace\s*=\s*true", manifest.read_text("utf-8"), re.M):
            report(where, "does not take the workspace's lints")
        for dependency in package["dependencies"]:
            target = dependency["name"]
            if target in BESIDE:
                report(where, f"{target} stands beside the house and is imported by nothing")
            elif target in FLOORS and allowed is not ANY and target not in allowed:
                report(where, f"{name} may not import {target}")
            elif (name, target) in ONLY_OPTIONAL and dependency["kind"] is None and not dependency["optional"]:
                report(where, f"{name} imports {target} only behind a feature")


def code_lines(text):
    """The lines of a Rust source with comments blanked, up to the test module at its end."""
    in_block = False
    for number, line in enumerate(text.split("\n"), 1):
        if re.match(r"\s*#\[cfg\((test|all\(test\b)", line):
            following = text.split("\n")[number : number + 4]
            if any(re.match(r"\s*mod \w+ \{", other) for other in following):
                return
        if in_block:
            if "*/" not in line:
                continue
            line, in_block = line.split("*/", 1)[1], False
        line = re.sub(r"(^|\s)//.*$", "", line)
        if "/*" in line:
            line, in_block = line.split("/*", 1)[0], True
        yield number, line


def is_test_source(path):
    return path.stem == "tests" or "tests" in path.parts or "benches" in path.parts


def check_sources(files):
    rules = [(folders, but, re.compile(pattern), what) for folders, but, pattern, what in SOURCE_RULES]
    for path in files:
        if path.suffix != ".rs" or path.parts[0] not in PRODUCT + ("tests", "benches"):
            continue
        text = (ROOT / path).read_text("utf-8")
        length = text.count("\n")
        if "src" in path.parts and length > MAX_LINES:
            report(path, f"{length} lines; a file has at most {MAX_LINES}")
        for part in (*path.parts[1:-1], path.stem):
            if part in BANNED_NAMES:
                report(path, f"a room is named by what is in it, not `{part}`")
        if is_test_source(path) or path.parts[0] not in PRODUCT:
            continue
        name = path.as_posix()
        applying = [
            (pattern, what)
            for folders, but, pattern, what in rules
            if name.startswith(tuple(f + "/" for f in folders)) and not name.startswith(but or ("\0",))
        ]
        for number, line in code_lines(text):
            for pattern, what in applying:
                if pattern.search(line):
                    report(f"{name}:{number}", what)


def machine_paths():
    """Absolute folders of the machine this runs on, as they would betray themselves in a tracked file."""
    listed = subprocess.run(["git", "worktree", "list", "--porcelain"], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    places = {line.split(" ", 1)[1] for line in listed.stdout.splitlines() if line.startswith("worktree ")}
    places |= {str(Path(place).parent) for place in places}
    places |= {os.environ.get("CARGO_TARGET_DIR", ""), os.environ.get("CARGO_HOME", ""), str(Path.home())}
    places -= {"", "/", "/tmp", "/home", "/usr", "/usr/local", "/opt", "/var/tmp"}
    spelt = b"|".join(re.escape(place.rstrip("/").encode()) for place in sorted(places) if place.startswith("/"))
    return re.compile(rb"(?<![\w.~/-])(" + spelt + rb"|/home/(?!USER\b|\$)\w+|/Users/\w+)/")


def check_machine_paths(files):
    pattern = machine_paths()
    for path in files:
        full = ROOT / path
        if full.is_symlink() or not full.is_file():
            continue
        data = full.read_bytes()
        for found in pattern.finditer(data):
            number = data.count(b"\n", 0, found.start()) + 1
            report(f"{path}:{number}", f"names a folder of one machine: {found.group().decode('utf-8', 'replace')}")


def main():
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True, stdout=subprocess.PIPE
    )
    files = sorted({Path(name) for name in listed.stdout.decode("utf-8").split("\0") if name})
    files = [path for path in files if (ROOT / path).is_file()]
    check_imports()
    check_sources(files)
    check_machine_paths(files)
    for violation in violations:
        print(violation)
    if violations:
        print(f"{len(violations)} violation(s) of the house's rules")
        return 1
    print(f"the house's rules hold ({len(files)} files)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
