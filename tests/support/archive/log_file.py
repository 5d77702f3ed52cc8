"""What tests of log file share."""

from collections.abc import Iterable
from pathlib import Path


def log_bytes(path: Path) -> int:
    return path.with_name(path.name + "-wal").stat().st_size


def found(path: Path, wraps: Iterable[bytes]) -> int:
    """How many of these byte strings lie in the keystore's files, wherever in them."""
    files = [each for each in path.parent.rglob("*") if each.is_file()]
    content = b"".join(each.read_bytes() for each in files)
    return sum(wrap in content for wrap in wraps)
