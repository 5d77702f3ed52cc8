"""What was read of a recording."""

from typing import get_args

from archive.call.archived_recording import (
    DAMAGED,
    MISSING,
    ArchivedRecording,
    Because,
    DamagedPart,
)
from archive.ids import DEFAULT_TENANT, PartName, RecordingId


def test_a_file_without_a_readable_header_tells_nothing_but_its_name() -> None:
    """And a recording of which nothing was read has no parts."""
    own = RecordingId(bytes(16))
    damaged = DamagedPart(PartName(own, 0), "a/b.rkn")

    assert damaged.values == {}
    assert ArchivedRecording(DEFAULT_TENANT, own).parts == ()
    assert set(get_args(Because)) == {MISSING, DAMAGED}
