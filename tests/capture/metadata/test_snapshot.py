"""Snapshots as values."""

import msgspec
import pytest
from hypothesis import given

from capture.metadata.snapshot import MetadataSnapshot, Participant
from tests.capture.siprec.strategies import SNAPSHOTS


@given(SNAPSHOTS)
def test_a_snapshot_comes_back_from_bytes_as_it_was(snapshot: MetadataSnapshot) -> None:
    """Calls are kept as bytes, so that signalling may be replaced with calls up."""
    kept = msgspec.msgpack.encode(snapshot)

    assert msgspec.msgpack.decode(kept, type=MetadataSnapshot) == snapshot


def test_a_snapshot_cannot_be_changed() -> None:
    """What was received is evidence; a merge makes another value."""
    with pytest.raises(AttributeError):
        Participant(participant_id="a").participant_id = "b"  # type: ignore[misc]  # that is it
