"""What a verification of the whole archive found, left for who watches this machine.

Best effort: where it cannot be written the verification is as good. Knows nothing of what is
verified.
"""

from contextlib import suppress
from pathlib import Path

import msgspec

from api.health.seen import VerifiedSeen
from archive.disk.files import LocalDisk, publish


def write_verified(path: Path, verified: VerifiedSeen) -> None:
    """Leave it, in place of the one before."""
    with suppress(OSError):
        publish(LocalDisk(), path, [msgspec.json.encode(verified)])


def read_verified(path: Path) -> VerifiedSeen | None:
    """The last one; None where there was none, or who asks may not read it."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=VerifiedSeen)
    except (OSError, msgspec.DecodeError):
        return None
