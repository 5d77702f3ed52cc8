"""The errors of the archive: one root, split by whose fault they are.

Texts carry ids and positions, never a number, a name or key material.
"""


class ArchiveError(Exception):
    """Root of everything that this folder raises."""


class RecordingDamaged(ArchiveError):
    """What was read is not what was written."""


class HeaderDamaged(RecordingDamaged):
    """The intake page, the header block or the FLOE header does not verify."""


class SegmentDamaged(RecordingDamaged):
    """A segment's tag does not verify, or its length is impossible."""

    def __init__(self, position: int, detail: str = "the tag does not verify") -> None:
        super().__init__(f"segment {position}: {detail}")
        self.position = position


class RecordingCut(RecordingDamaged):
    """The file ends before its final segment, or goes on after it."""


class FrameDamaged(RecordingDamaged):
    """A verified plaintext does not hold a frame where one must begin."""

    def __init__(self, position: int, detail: str) -> None:
        super().__init__(f"plaintext offset {position}: {detail}")
        self.position = position


class MapDamaged(RecordingDamaged):
    """The time map or the peaks beside a part cannot be read."""


class SignatureWrong(RecordingDamaged):
    """The node's signature does not verify."""


class RecordingUnreadable(ArchiveError):
    """The operating system does not give a file of a recording: it is not there, or not read."""


class RecordingLost(ArchiveError):
    """The archive has no part of a recording any more that can be read."""


class RecordingMissing(RecordingLost):
    """Not even a file of it is there."""


class CertificateDamaged(ArchiveError):
    """A certificate, or what lies beside it, is not as one is written."""


class ProofWrong(ArchiveError):
    """A proof does not lead from its leaf to a root."""


class StampWrong(ArchiveError):
    """An answer that is no time stamp of what was to be stamped."""


class StampRefused(ArchiveError):
    """The server of time stamps says no."""


class PartOutOfPlace(ArchiveError):
    """A part that its recording cannot have: behind its last one, or of another node."""


class KeyUnavailable(ArchiveError):
    """The key that is asked for cannot be had here: no daemon, no right, or destroyed."""


class KeyRefused(KeyUnavailable):
    """The key daemon is there and says no; the reason is its word."""
