"""What an error of the archive carries, and under which root it is caught."""

import pytest

from archive.errors import (
    ArchiveError,
    FrameDamaged,
    HeaderDamaged,
    KeyRefused,
    KeyUnavailable,
    MapDamaged,
    RecordingCut,
    RecordingDamaged,
    SegmentDamaged,
    SignatureWrong,
)


@pytest.mark.parametrize(
    "damage",
    [
        HeaderDamaged("h"),
        SegmentDamaged(1),
        RecordingCut("c"),
        FrameDamaged(1, "f"),
        MapDamaged("m"),
        SignatureWrong("s"),
    ],
)
def test_every_failure_to_read_is_damage(damage: RecordingDamaged) -> None:
    """docs/format.md section 6: whoever reads catches one class."""
    assert isinstance(damage, RecordingDamaged)
    assert isinstance(damage, ArchiveError)


@pytest.mark.parametrize("missing", [KeyUnavailable("k"), KeyRefused("destroyed")])
def test_a_missing_key_is_not_damage(missing: KeyUnavailable) -> None:
    """A recording that may not be opened is not a broken one; nobody repairs it."""
    assert isinstance(missing, KeyUnavailable)
    assert not isinstance(missing, RecordingDamaged)


def test_a_damaged_segment_names_its_position() -> None:
    """The operator finds the block, the reader the next one."""
    assert SegmentDamaged(7).position == 7
    assert str(SegmentDamaged(7, "too short")) == "segment 7: too short"


def test_a_damaged_frame_names_its_plaintext_offset() -> None:
    """Resynchronisation starts there."""
    assert FrameDamaged(4064, "no frame").position == 4064
    assert str(FrameDamaged(4064, "no frame")) == "plaintext offset 4064: no frame"
