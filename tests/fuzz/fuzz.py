# SPDX-License-Identifier: BSD-3-Clause
"""fuzz.py replay TARGET BUILD
    every seed, in two orders: each does the same in both, and as many get as
    far as reach.txt says
fuzz.py run TARGET SECONDS BUILD [--keep]
    looks for new inputs, starting from the seeds
fuzz.py merge TARGET BUILD
    takes new ones over into corpus/TARGET

The seeds are corpus/TARGET here and what seeds.py has made in BUILD/seeds.
Exit status 1: a finding, and what to do about it was printed. With --keep, new
inputs stay in BUILD/found/TARGET for the next run.
"""
import hashlib
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent

# Longest input of each target. Long ones are slow and say nothing new.
TARGETS = {"config": 1500, "console": 300, "dns": 800, "dnsmsg": 1232,
           "engine": 2000, "identity": 4096, "idstore": 200, "keeper": 4096,
           "path": 700, "peek": 600, "pop3": 2000, "session": 1500,
           "settings": 600, "spool": 300, "tls": 2500, "tool": 200}

PROGRESS_S = 10
TIMEOUT_S = 60  # a single input: something hangs
MERGE_MAX = 40  # new seeds taken over at once


class Target:
    def __init__(self, name, build):
        if name not in TARGETS:
            sys.exit(f"fuzz: no target {name}; there are {' '.join(TARGETS)}")
        self.name = name
        self.build = pathlib.Path(build)
        self.binary = self.build / "tests/fuzz" / name
        self.found = self.build / "found" / name
        self.seeds = [d for d in (HERE / "corpus" / name,
                                  self.build / "seeds" / name) if d.is_dir()]

    def files(self):
        return sorted(f for d in self.seeds for f in d.iterdir())


def complain(target, crash, log):
    """What a person needs to go on."""
    for line in log:
        if re.search(r"broken:|runtime error:|ERROR:|SUMMARY:", line):
            print(f"  {line.rstrip()}")
    print(f"{target.name}: a finding. The input: {crash}\n"
          f"  again:   {target.binary} {crash}\n"
          f"  smaller: {target.binary} -minimize_crash=1 -max_total_time=60 "
          f"{crash}")


# --- replay ------------------------------------------------------------------

def expected(name):
    """{what: inputs} of reach.txt."""
    out = {}
    for line in (HERE / "reach.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            target, number, what = line.split(" ", 2)
            if target == name:
                out[what] = int(number)
    return out


def once(target, files):
    """Runs them in this order: (what was printed, {file: its log})."""
    done = subprocess.run(
        [target.binary, "-detect_leaks=0", *files], text=True, check=False,
        capture_output=True, errors="replace",
        env={"TINYMX_FUZZ_REACH": "1", "TINYMX_FUZZ_LOG": "1",
             "PATH": "/usr/bin:/bin"})
    parts = re.split(r"^Running: (.*)$", done.stderr, flags=re.M)
    if done.returncode != 0:
        complain(target, parts[-2] if len(parts) > 1 else "?",
                 done.stderr.splitlines())
        sys.exit(1)
    logs = {name: re.findall(r"^\d+ event=.*$", log, re.M)
            for name, log in zip(parts[1::2], parts[2::2])}
    return done.stderr, logs


def compare(target, first, again):
    """What a seed does must not depend on what ran before it."""
    differ = [name for name, log in first.items() if again[name] != log]
    for name in differ:
        print(f"{target.name}: {name} does something else after other inputs")
    return not differ


def replay(target):
    files = target.files()
    text, logs = once(target, files)
    same = compare(target, logs, once(target, files[::-1])[1])
    reached = {what: int(n) for n, what in
               re.findall(r"^reached (\d+) (.*)$", text, re.M)}
    want = expected(target.name)
    short = {what: n for what, n in want.items() if reached.get(what, 0) < n}
    print(f"{target.name}: {len(files)} seeds")
    for what, n in reached.items():
        print(f"  {n} reached: {what}")
    for what, n in short.items():
        print(f"  only {reached.get(what, 0)} of {n} reached: {what}")
    return 0 if same and want and not short else 1


# --- run ---------------------------------------------------------------------

def command(target, seconds):
    words = [target.binary, f"-max_total_time={seconds}",
             f"-max_len={TARGETS[target.name]}", f"-timeout={TIMEOUT_S}", "-len_control=0",
             f"-artifact_prefix={target.found.parent}/{target.name}-"]
    words += [f"-dict={d}" for d in [HERE / f"{target.name}.dict"]
              if d.exists()]
    return words + [target.found, *target.seeds]


def progress(target, line):
    found = re.match(r"#(\d+).*cov: (\d+).*corp: (\d+)/.*exec/s: (\d+)", line)
    if found:
        print(f"{target.name}: {found[1]} inputs, {found[4]}/s, {found[2]} "
              f"edges, {found[3]} worth keeping", flush=True)


def run(target, seconds, keep):
    log, last = [], 0.0
    if not keep and target.found.is_dir():
        shutil.rmtree(target.found)
    target.found.mkdir(parents=True, exist_ok=True)
    with subprocess.Popen(command(target, seconds), text=True, errors="replace",
                          stderr=subprocess.PIPE) as fuzzer:
        for line in fuzzer.stderr:
            log.append(line)
            if line.startswith("#") and (time.monotonic() - last > PROGRESS_S
                                         or "DONE" in line):
                last = time.monotonic()
                progress(target, line)
    (target.found.parent / f"{target.name}.log").write_text("".join(log))
    if fuzzer.returncode == 0:
        return 0
    crash = re.findall(r"Test unit written to (\S+)", "".join(log))
    complain(target, crash[-1] if crash else "none was written", log)
    return 1


# --- merge -------------------------------------------------------------------

def merge(target, most=MERGE_MAX):
    """Some of what was found and reaches what the seeds do not, in files that
    are called found_ and the beginning of their digest."""
    with tempfile.TemporaryDirectory() as new:
        subprocess.run([target.binary, "-set_cover_merge=1", new, *target.seeds,
                        target.found], check=True, capture_output=True)
        seeds = {f.read_bytes() for f in target.files()}
        fresh = sorted((f.read_bytes() for f in pathlib.Path(new).iterdir()),
                       key=len)
        fresh = [data for data in fresh if data not in seeds]
    fresh = fresh[::max(1, -(-len(fresh) // most))]  # of every size
    corpus = HERE / "corpus" / target.name
    corpus.mkdir(parents=True, exist_ok=True)
    for data in fresh:
        name = f"found_{hashlib.sha256(data).hexdigest()[:8]}"
        (corpus / name).write_bytes(data)
    print(f"{target.name}: {len(fresh)} new seeds, "
          f"{sum(map(len, fresh))} bytes")
    return 0


def main(args):
    keep = "--keep" in args
    args = [a for a in args if a != "--keep"]
    if len(args) == 3 and args[0] == "replay":
        return replay(Target(args[1], args[2]))
    if len(args) == 3 and args[0] == "merge":
        return merge(Target(args[1], args[2]))
    if len(args) == 4 and args[0] == "run":
        return run(Target(args[1], args[3]), int(args[2]), keep)
    sys.exit(__doc__)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
