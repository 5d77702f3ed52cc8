"""What tests of secrecy share."""

import os
from pathlib import Path


def files_with(folder: Path, mark: bytes) -> list[Path]:
    """The files below a folder that hold these bytes."""
    paths = (Path(at, name) for at, _, names in os.walk(folder) for name in names)
    return [path for path in paths if path.is_file() and mark in path.read_bytes()]
