"""What tests of preferring share."""

from tests.capture.inline.stage import sdp as line


def prefers(word: str, version: int = 2) -> bytes:
    """The caller's description with a preference."""
    return line("192.0.2.1", 4000, f"a=recordpref:{word}", version=version)
