"""Ids: how they are read, shown and made."""

import pytest
from hypothesis import given, strategies as st

from archive.ids import DEFAULT_TENANT, KeyId, PartName, RecordingId, uuid7


@given(st.binary(min_size=16, max_size=16))
def test_an_id_reads_back_as_it_is_shown(raw: bytes) -> None:
    """Paths, logs and URLs show 32 hex digits."""
    shown = str(RecordingId(raw))

    assert len(shown) == 32
    assert RecordingId.parse(shown) == RecordingId(raw)


def test_an_id_may_be_typed_with_hyphens() -> None:
    """As other tools write a UUID."""
    typed = "0190163d-8694-739b-aea5-966c26f8ad91"

    assert str(RecordingId.parse(typed)) == typed.replace("-", "")


@pytest.mark.parametrize("text", ["", "00", "0" * 31, "0" * 34, "x" * 32])
def test_what_is_no_id_is_refused(text: str) -> None:
    """A path or a request never reaches a file by half an id."""
    with pytest.raises(ValueError, match=r"hex"):
        RecordingId.parse(text)


def test_ids_of_other_kinds_are_never_equal() -> None:
    """A key's name must not open a recording."""
    names: list[object] = [RecordingId(bytes(16)), KeyId(bytes(16))]

    assert names[0] != names[1]


def test_a_uuid7_carries_version_variant_and_millisecond() -> None:
    """RFC 9562 §5.7: 48 bits of ms, version 7, variant 10; the rest is random."""
    made = uuid7(0x0123456789AB * 1000 + 999, b"\xff" * 10)

    assert made.hex() == "0123456789ab7fffbfffffffffffffff"
    assert uuid7(0, bytes(10)).hex() == "00000000000070008000000000000000"


def test_recordings_sort_by_their_beginning() -> None:
    """Listings and B-trees follow time without a column for it."""
    earlier, later = uuid7(1_000_000, b"\xff" * 10), uuid7(1_001_000, bytes(10))

    assert RecordingId(earlier) < RecordingId(later)


def test_a_part_name_shows_part_and_generation_with_two_digits() -> None:
    """File names sort by part up to 99; more digits follow where needed."""
    assert str(PartName(RecordingId(bytes(16)), 3)) == "0" * 32 + "-p03-g00"
    assert str(PartName(RecordingId(bytes(16)), 123, 4)) == "0" * 32 + "-p123-g04"


def test_the_default_tenant_is_not_the_empty_id() -> None:
    """Sixteen zeros are what a bug writes."""
    assert str(DEFAULT_TENANT) == "0" * 31 + "1"
