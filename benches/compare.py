#!/usr/bin/env python3
"""Measures protect and open side by side with cp, age, rage, gpg and openssl on the same files, in one run.

    benches/compare.py [--quick] [--folder DIR] [--rounds N] [--json FILE]

Rounds are interleaved (every program once a round), outputs are removed before each run, medians are quoted with
minimum and maximum, and everything is given as a ratio to cp in the same run: a shared machine is noisy, ratios less so.
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


class Table:
    """Figures of one kind of file: name -> list of (seconds, KiB)."""

    def __init__(self, title):
        self.title, self.rows = title, {}

    def add(self, name, figure):
        self.rows.setdefault(name, []).append(figure)

    def print(self):
        base = statistics.median(s for s, _ in self.rows["cp"])
        print(f"\n### {self.title}\n\n| | median s (min–max) | ratio to cp | peak MiB |\n|---|---|---|---|")
        out = {}
        for name, figures in self.rows.items():
            seconds = [s for s, _ in figures]
            median, peak = statistics.median(seconds), max(k for _, k in figures) / 1024
            print(f"| {name} | {median:.3f} ({min(seconds):.3f}–{max(seconds):.3f}) | {median / base:.2f} | {peak:.0f} |")
            out[name] = {"seconds": seconds, "ratio": median / base, "peak_mib": peak}
        return out


def one_file(agency, peers, work, size, rounds, threads):
    table = Table(f"One file of {size / (1 << 30):g} GiB, {threads or 'usual'} threads")
    plain, out, copy = work / "plain.bin", work / "out.bin", work / "copy.bin"
    fill(plain, size)
    extra = ["--threads", str(threads)] if threads else []
    sealed = {name: work / f"{name.split()[0]}.sealed" for name in peers}
    for _ in range(rounds):
        table.add("cp", run(["cp", str(plain), str(copy)]))
        remove(copy)
        for kind, more in (("no trailer", []), ("with trailer", ["--sign"])):
            # Protecting is in place: it works on a copy made before the clock starts.
            victim = work / "doc.bin"
            remove(victim)
            shutil.copyfile(plain, victim)
            table.add(f"kakuzuke protect, {kind}", agency.labeler("protect", victim, "--grade", "C2I1A1", *extra, *more))
            protected = work / "doc.bin.kkz"
            table.add(f"kakuzuke open, {kind}", agency.labeler("open", protected, "-o", out))
            remove(out)
            if kind == "no trailer":
                with open(work / "piped.bin", "wb") as pipe:
                    table.add("kakuzuke open to a pipe, no trailer", agency.labeler("open", protected, "-o", "-", stdout=pipe))
                remove(work / "piped.bin")
                remove(work / "middle.kkz")
                protected.rename(work / "middle.kkz")
            else:
                remove(work / "middle-signed.kkz")
                protected.rename(work / "middle-signed.kkz")
        for name, (encrypt, decrypt) in peers.items():
            remove(sealed[name])
            table.add(f"{name}, encrypt", run(encrypt(str(plain), str(sealed[name]))))
            table.add(f"{name}, decrypt", run(decrypt(str(sealed[name]), str(out))))
            remove(out)
    for path in [plain, *sealed.values()]:
        remove(path)
    return table


def many_files(agency, peers, work, count, size, rounds):
    table = Table(f"{count} files of {size >> 10} KiB")
    source = work / "many"
    source.mkdir()
    for n in range(count):
        fill(source / f"{n:05}.bin", size)
    for _ in range(rounds):
        target = work / "many-copy"
        remove(target)
        table.add("cp", run(["cp", "-r", str(source), str(target)]))
        agency.labeler("sync", "--tickets", "1000")
        table.add("kakuzuke protect", agency.labeler("protect", target, "--grade", "C2I2A1"))
        out = work / "many-out"
        remove(out)
        out.mkdir()
        table.add("kakuzuke export", agency.labeler("export", target, "--to", out))
        for name in ("age", "rage"):
            if name in peers:
                encrypt = peers[name][0]
                remove(out)
                out.mkdir()
                began = time.perf_counter()
                peak = 0
                for path in source.iterdir():
                    peak = max(peak, run(encrypt(str(path), str(out / path.name)))[1])
                table.add(f"{name}, one process a file", (time.perf_counter() - began, peak))
        remove(out)
    remove(source)
    remove(work / "many-copy")
    return table


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that it works")
    parser.add_argument("--folder", help="where to put the files (default: the temporary folder)")
    parser.add_argument("--rounds", type=int, default=5)
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
            tables = [one_file(agency, peers, work, size, args.rounds, 2), many_files(agency, peers, work, count, 200 << 10, args.rounds)]
            result = {table.title: table.print() for table in tables}
            for name in ("middle.kkz", "middle-signed.kkz"):
                print(f"\n### Reading from the middle ({name})\n", flush=True)
                subprocess.run([str(TARGET / "middle"), str(work / name)], check=True, env=agency.env)
        finally:
            agency.close()
        if args.json:
            pathlib.Path(args.json).write_text(json.dumps(result, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
