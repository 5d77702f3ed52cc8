"""The compiled loop under the sanitizers for as long as one likes: make sanitize SECONDS=600

First alone before a driver that sends it whatever it likes, then under Python, in a copy of this
checkout, by the tests that compare it with Python's loop. Knows nothing of what they try.
"""

import os
import secrets
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from tests import ROOT
from tests.capture.native.compiled import BUILD, SANITIZED, compiled, compiled_fuzzer

FOLDER: Final = ROOT / "build/sanitize"
# Those that run the compiled loop; the first one compares it with Python's.
TESTS: Final = ("test_differential.py", "test_compiled_keys.py", "test_packet_loops.py")
# Python never frees all; its own small blocks would hide who writes behind one.
UNDER_PYTHON: Final = {"ASAN_OPTIONS": "detect_leaks=0", "PYTHONMALLOC": "malloc"}


def fuzz(seconds: str, seed: str) -> None:
    """Raise `CalledProcessError` where something is found; it says at which input."""
    program = compiled_fuzzer(FOLDER / "fuzz_relay_loop")
    subprocess.run([str(program), seconds, seed], check=True)


def copy_checkout() -> Path:
    """What is tracked, as it is now, with a sanitized loop."""
    copy = FOLDER / "checkout"
    shutil.rmtree(copy, ignore_errors=True)
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, copy / name)
    compiled(copy / BUILD["LIBRARY"], *SANITIZED)
    return copy


def compare(seconds: float, seed: int) -> int:
    """Run the tests, each time from another seed; return how often. Raises as `fuzz` does."""
    copy, until_s, rounds = copy_checkout(), time.monotonic() + seconds, 0
    named = [BUILD["compiler"](), "-print-file-name=libasan.so"]
    found = subprocess.run(named, capture_output=True, text=True, check=True)
    settings = os.environ | UNDER_PYTHON | {"LD_PRELOAD": found.stdout.strip()}
    tests = [f"tests/capture/media/relay/{name}" for name in TESTS]
    pytest = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
    while rounds == 0 or time.monotonic() < until_s:
        command = [*pytest, f"--hypothesis-seed={seed + rounds}", *tests]
        subprocess.run(command, cwd=copy, env=settings, check=True)
        rounds += 1
    return rounds


def main() -> None:
    """SECONDS for each of both, and a SEED, else by chance; it is said."""
    seconds, *more = sys.argv[1:]
    seed = int(more[0]) if more else secrets.randbelow(1 << 31)
    FOLDER.mkdir(parents=True, exist_ok=True)
    sys.stdout.write(f"seed {seed}\n")
    sys.stdout.flush()
    fuzz(seconds, str(seed))
    rounds = compare(float(seconds), seed)
    sys.stdout.write(f"both loops under the sanitizers: {rounds} rounds\n")


if __name__ == "__main__":
    main()
