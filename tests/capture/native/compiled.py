"""The relay's inner loop, compiled for a test; what it does is no business of this module."""

import runpy
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

from tests import ROOT

BUILD: Final[dict[str, Any]] = runpy.run_path(str(ROOT / "deploy/native_build.py"))
FUZZER: Final = Path(__file__).with_name("fuzz_relay_loop.c")
# A byte out of bounds, or what C leaves undefined, ends the process with where it was.
SANITIZED: Final = (
    "-g",
    "-O1",
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
    "-fno-omit-frame-pointer",
    "-U_FORTIFY_SOURCE",
)
needs_compiler = pytest.mark.skipif(
    not any(map(shutil.which, ("cc", "gcc", "clang"))), reason="there is no C compiler here"
)


def compiled(target: Path, *more: str, source: Path = ROOT / BUILD["SOURCE"]) -> Path:
    """As `make run` would compile it; return where it lies."""
    BUILD["compile_loop"](target, *more, source=source)
    return target


def compiled_fuzzer(target: Path) -> Path:
    """The loop behind a driver that sends it whatever it likes, both sanitized."""
    flags = [flag for flag in BUILD["SHARED"] if flag != "-shared"]
    command = [BUILD["compiler"](), *flags, *SANITIZED, str(FUZZER), "-o", str(target), "-ldl"]
    subprocess.run(command, check=True)
    return target
