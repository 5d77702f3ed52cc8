"""Passwords of peers, each in a file of its own.

Knows nothing of whose they are.
"""

from pathlib import Path


def password_in(path: Path | None) -> str:
    """The first line of a password's file, "" where there is none; raises `OSError`."""
    return "" if path is None else path.read_text().partition("\n")[0].strip()
