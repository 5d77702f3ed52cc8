"""The relay's inner loop, compiled for a test; what it does is no business of this module."""

import runpy
import shutil
from pathlib import Path
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).parents[3]
BUILD: Final[dict[str, Any]] = runpy.run_path(str(ROOT / "deploy/native_build.py"))
needs_compiler = pytest.mark.skipif(
    not any(map(shutil.which, ("cc", "gcc", "clang"))), reason="there is no C compiler here"
)


def compiled(target: Path, *more: str, source: Path = ROOT / BUILD["SOURCE"]) -> Path:
    """As `make run` would compile it; return where it lies."""
    BUILD["compile_loop"](target, *more, source=source)
    return target
