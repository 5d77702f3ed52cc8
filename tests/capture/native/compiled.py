"""The relay's inner loop, compiled for a test; what it does is no business of this module."""

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
BUILD = runpy.run_path(str(ROOT / "deploy/native_build.py"))


def compiled(target: Path, *more: str, source: Path = ROOT / BUILD["SOURCE"]) -> Path:
    """As `make run` would compile it; the test is skipped where there is no C compiler."""
    try:
        BUILD["compiler"]()
    except BUILD["NotCompiled"] as reason:
        pytest.skip(str(reason))
    BUILD["compile_loop"](target, *more, source=source)
    return target
