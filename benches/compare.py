#!/usr/bin/env python3
"""Measures protect and open side by side with cp, age, rage, gpg and openssl on the same files, in one run.

    benches/compare.py [--quick] [--folder DIR] [--rounds N] [--json FILE]

Rounds are interleaved (every program once a round); each figure is the median with minimum and maximum, and so is its
ratio to the `cp` of the same round: a shared machine is noisy, ratios less so. `cp` returns while its copy is still in memory
only; protecting and opening return when the file is on the disk. So there are two ratios: to `cp`, and to `cp` followed by
`sync` of what it wrote. Protecting also frees the original's space, which neither does; `cp, sync, mv` is what doing the same
by hand costs. age, rage, gpg and openssl do not wait for the disk.

Before each run outputs are removed, inputs are on the disk and in the page cache, and as much memory as the run will fill is
touched and given back: a virtual machine's first touch of a page can cost several times the next.

Needs the release build (cargo build --release -p labeler -p kakuzuke-keyserver -p kakuzuke-benches). A program that is
not installed is left out and named.
"""
import argparse
import json
import os
import pathlib
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release"
PASS = "a passphrase for measuring only"


def run(command, stdin=None, stdout=subprocess.DEVNULL, env=None):
    """Runs a command; seconds and peak resident KiB."""
    began = time.perf_counter()
    child = subprocess.Popen(command, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, env=env)
    message = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise SystemExit(f"{command[0]} failed ({child.returncode}): {message.decode(errors='replace')[-400:]}")
    return time.perf_counter() - began, usage.ru_maxrss


def warm(size):
    """Touches memory and gives it back, so that no run pays for pages the machine has not had yet. In another process:
    what this one ever held would count as the peak of those it starts."""
    room = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    touch = "import mmap, sys; mmap.mmap(-1, int(sys.argv[1]), flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | mmap.MAP_POPULATE)"
    subprocess.run([sys.executable, "-c", touch, str(min(3 * size, room * 3 // 4))], check=True)


def settle(path):
    """What was just made is on the disk before a clock starts."""
    paths = [p for p in pathlib.Path(path).rglob("*") if p.is_file()] if pathlib.Path(path).is_dir() else [path]
    for each in paths:
        with open(each, "rb") as file:
            os.fsync(file.fileno())


def both(*figures):
    """Runs one after the other, as one figure."""
    return sum(s for s, _ in figures), max(k for _, k in figures)


class Agency:
    """A key server on loopback and one officer."""

    def __init__(self, folder):
        self.dir = folder / "server"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.address = "127.0.0.1:%d" % probe.getsockname()[1]
        server = str(TARGET / "kakuzuke-keyserver")
        subprocess.run([server, "init", str(self.dir), "--listen", self.address], check=True, stdout=subprocess.DEVNULL)
        command = [server, "run", str(self.dir), "--listen", self.address]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in self.process.stdout:
            if self.address in line:
                break
        self.env = {**os.environ, "KAKUZUKE_PROFILE": str(folder / "profile"), "LC_ALL": "C.UTF-8"}
        enrol = [server, "enrol", str(self.dir), "sato", "--name", "佐藤", "--role", "officer", "--unit", "総務課"]
        code = subprocess.run(enrol, check=True, capture_output=True, text=True).stdout.splitlines()[-1]
        subprocess.run([str(TARGET / "labeler"), "enrol", code], check=True, env=self.env, stdout=subprocess.DEVNULL)

    def labeler(self, *args, stdout=subprocess.DEVNULL):
        return run([str(TARGET / "labeler"), *map(str, args)], stdout=stdout, env=self.env)

    def close(self):
        self.process.terminate()
        self.process.wait()


def programs(work):
    """Encrypt and decrypt commands of the peers that are installed: name -> (encrypt, decrypt), of (in, out)."""
    found = {}
    if shutil.which("age"):
        key = work / "age.key"
        subprocess.run(["age-keygen", "-o", str(key)], check=True, capture_output=True)
        public = [l.split()[-1] for l in key.read_text().splitlines() if "public key" in l][0]
        found["age"] = (lambda i, o: ["age", "-r", public, "-o", o, i], lambda i, o: ["age", "-d", "-i", str(key), "-o", o, i])
        if shutil.which("rage"):
            found["rage"] = (lambda i, o: ["rage", "-r", public, "-o", o, i], lambda i, o: ["rage", "-d", "-i", str(key), "-o", o, i])
    if shutil.which("openssl"):
        options = ["-aes-256-ctr", "-pbkdf2", "-iter", "1", "-pass", f"pass:{PASS}"]
        found["openssl enc (no authentication)"] = (
            lambda i, o: ["openssl", "enc", *options, "-in", i, "-out", o],
            lambda i, o: ["openssl", "enc", "-d", *options, "-in", i, "-out", o],
        )
    if shutil.which("gpg"):
        home = work / "gnupg"
        home.mkdir(mode=0o700)
        base = ["gpg", "--homedir", str(home), "--batch", "--yes", "--quiet", "--pinentry-mode", "loopback",
                "--passphrase", PASS, "--compress-algo", "none", "--cipher-algo", "AES256"]
        found["gpg"] = (lambda i, o: [*base, "-o", o, "--symmetric", i], lambda i, o: [*base, "-o", o, "--decrypt", i])
    return found


def remove(path):
    path = pathlib.Path(path)
    if path.is_dir():
        shutil.rmtree(path)
    elif path.exists():
        path.unlink()


def fill(path, size):
    """Content that does not compress, made quickly."""
    block = os.urandom(1 << 20)
    with open(path, "wb") as out:
        for n in range(0, size, 1 << 20):
            out.write(block[: min(1 << 20, size - n)])


def spread(values, digits):
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


class Table:
    """Figures of one kind of file: name -> list of (seconds, KiB), one a round."""

    def __init__(self, title):
        self.title, self.rows = title, {}

    def add(self, name, figure):
        self.rows.setdefault(name, []).append(figure)

    def print(self):
        print(f"\n### {self.title}, {len(self.rows['cp'])} rounds\n")
        print("| | s, median (min–max) | ratio to cp | ratio to cp + sync | peak MiB |\n|---|---|---|---|---|")
        seconds = {name: [s for s, _ in figures] for name, figures in self.rows.items()}
        out = {}
        for name, figures in self.rows.items():
            mine = seconds[name]
            to_copy = [s / base for s, base in zip(mine, seconds["cp"])]
            to_disk = [s / base for s, base in zip(mine, seconds["cp + sync"])]
            peak = max(k for _, k in figures) / 1024
            print(f"| {name} | {spread(mine, 2)} | {spread(to_copy, 2)} | {spread(to_disk, 2)} | {peak:.0f} |")
            out[name] = {"seconds": mine, "to_cp": to_copy, "to_cp_sync": to_disk, "peak_mib": peak}
        return out


def one_file(agency, peers, work, size, rounds, threads):
    table = Table(f"One file of {size / (1 << 30):g} GiB, {threads or 'usual'} threads")
    plain, out, copy = work / "plain.bin", work / "out.bin", work / "copy.bin"
    fill(plain, size)
    settle(plain)
    extra = ["--threads", str(threads)] if threads else []
    sealed = {name: work / f"{name.split()[0]}.sealed" for name in peers}

    def timed(name, *commands, stdout=subprocess.DEVNULL, env=None):
        warm(size)
        figures = [run(command, stdout=stdout, env=env) for command in commands]
        table.add(name, both(*figures))
        return figures

    for _ in range(rounds):
        warm(size)
        copied, synced = run(["cp", str(plain), str(copy)]), run(["sync", str(copy)])
        table.add("cp", copied)
        table.add("cp + sync", both(copied, synced))
        # Replacing by hand what protecting replaces.
        timed("cp, sync, mv over another", ["cp", str(plain), str(out)], ["sync", str(out)], ["mv", str(out), str(copy)])
        remove(copy)
        for kind, more in (("no trailer", []), ("with trailer", ["--sign"])):
            # Protecting is in place: it works on a copy made before the clock starts.
            victim, protected = work / "doc.bin", work / "doc.bin.kkz"
            remove(victim)
            shutil.copyfile(plain, victim)
            settle(victim)
            labeler = str(TARGET / "labeler")
            protect = [labeler, "protect", str(victim), "--grade", "C2I1A1", *extra, *more]
            timed(f"kakuzuke protect, {kind}", protect, env=agency.env)
            timed(f"kakuzuke open, {kind}", [labeler, "open", str(protected), "-o", str(out)], env=agency.env)
            remove(out)
            if kind == "no trailer":
                with open(work / "piped.bin", "wb") as pipe:
                    command = [labeler, "open", str(protected), "-o", "-"]
                    timed("kakuzuke open to standard output, no trailer", command, stdout=pipe, env=agency.env)
                remove(work / "piped.bin")
            kept = work / ("middle.kkz" if kind == "no trailer" else "middle-signed.kkz")
            remove(kept)
            protected.rename(kept)
        for name, (encrypt, decrypt) in peers.items():
            remove(sealed[name])
            timed(f"{name}, encrypt", encrypt(str(plain), str(sealed[name])))
            timed(f"{name}, decrypt", decrypt(str(sealed[name]), str(out)))
            remove(out)
    for path in [plain, *sealed.values()]:
        remove(path)
    return table


def many_files(agency, peers, work, count, size, rounds):
    table = Table(f"{count} files of {size >> 10} KiB (cp -r)")
    source, target, out = work / "many", work / "many-copy", work / "many-out"
    source.mkdir()
    for n in range(count):
        fill(source / f"{n:05}.bin", size)
    settle(source)
    names = [path.name for path in source.iterdir()]
    for _ in range(rounds):
        remove(target)
        remove(out)
        warm(count * size)
        copied = run(["cp", "-r", str(source), str(target)])
        synced = run(["sync", *(str(target / name) for name in names), str(target)])
        table.add("cp", copied)
        table.add("cp + sync", both(copied, synced))
        warm(count * size)
        table.add("kakuzuke protect", agency.labeler("protect", target, "--grade", "C2I2A1"))
        out.mkdir()
        warm(count * size)
        table.add("kakuzuke export", agency.labeler("export", target, "--to", out))
        for name in ("age", "rage"):
            if name in peers:
                encrypt = peers[name][0]
                remove(out)
                out.mkdir()
                figures = [run(encrypt(str(source / n), str(out / n))) for n in names]
                table.add(f"{name}, one process a file", both(*figures))
        remove(out)
    remove(source)
    remove(target)
    return table


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that it works")
    parser.add_argument("--folder", help="where to put the files (default: the temporary folder)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds, default 3")
    parser.add_argument("--only", choices=("one", "many"), help="one large file or many small ones only")
    parser.add_argument("--json", help="write every figure there, too")
    args = parser.parse_args()
    if not (TARGET / "labeler").exists():
        sys.exit("no release build: cargo build --release -p labeler -p kakuzuke-keyserver -p kakuzuke-benches")
    size, count = (64 << 20, 100) if args.quick else (2 << 30, 2000)
    with tempfile.TemporaryDirectory(prefix="kakuzuke-bench-", dir=args.folder) as folder:
        work = pathlib.Path(folder)
        agency = Agency(work)
        try:
            peers = programs(work)
            missing = [n for n in ("age", "rage", "openssl", "gpg") if shutil.which(n) is None]
            print(f"cores: {os.cpu_count()}; not installed: {', '.join(missing) or 'none'}")
            result = {}
            if args.only != "many":
                table = one_file(agency, peers, work, size, args.rounds, 2)
                result[table.title] = table.print()
            if args.only != "one":
                table = many_files(agency, peers, work, count, 200 << 10, args.rounds)
                result[table.title] = table.print()
            for name in ("middle.kkz", "middle-signed.kkz") if args.only != "many" else ():
                print(f"\n### Reading from the middle ({name})\n", flush=True)
                subprocess.run([str(TARGET / "middle"), str(work / name)], check=True, env=agency.env)
        finally:
            agency.close()
        if args.json:
            pathlib.Path(args.json).write_text(json.dumps(result, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
