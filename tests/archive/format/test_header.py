"""The header block: what it says, and what is refused before anything else is believed."""

from dataclasses import replace

import pytest

from archive.errors import HeaderDamaged
from archive.format.header import (
    MAP_MAGIC,
    MAX_CREATED_US,
    HeaderBlock,
    aad_of,
    block_bytes,
    floe_header_of,
)
from archive.ids import DEFAULT_TENANT, KeyId, NodeId, RecordingId

HEADER = HeaderBlock(
    recording=RecordingId(bytes(range(16))),
    part=2,
    generation=1,
    key=KeyId(b"k" * 16),
    node=NodeId(b"n" * 16),
    tenant=DEFAULT_TENANT,
    created_us=1_790_000_000_000_000,
    oldest_ms=900,
)
BLOCK = block_bytes(HEADER, b"f" * 74)


def test_a_header_reads_back_as_it_was_written() -> None:
    """The keeper finds recording, key, node and tenant from the block alone."""
    assert len(BLOCK) == 4096
    assert HeaderBlock.decode(BLOCK) == HEADER
    assert (aad_of(BLOCK), floe_header_of(BLOCK)) == (HEADER.encode_aad(), b"f" * 74)


@pytest.mark.parametrize(
    ("offset", "value", "says"),
    [
        (0, b"RIFF", "not a sealed recording"),
        (8, b"\x00\x02", "version 2"),
        (10, b"\x00\x02", "suite 2"),
        (12, b"\x00\x07", "inner format 7"),
        (36, b"\x00\x00\x00\x01", "does not know"),
        (56, b"\xff" * 8, "does not know"),
        (96, b"\x01", "does not know"),
        (4021, b"\x01", "does not know"),
    ],
)
def test_what_version_1_does_not_write_is_refused(offset: int, value: bytes, says: str) -> None:
    """A reader must not guess what a later format means."""
    block = BLOCK[:offset] + value + BLOCK[offset + len(value) :]

    with pytest.raises(HeaderDamaged, match=says):
        HeaderBlock.decode(block)


@pytest.mark.parametrize("length", [0, 14, 96, 4095, 4097])
def test_a_block_of_another_length_is_refused(length: int) -> None:
    """A cut file ends in a named error, not in one of `struct`."""
    with pytest.raises(HeaderDamaged):
        HeaderBlock.decode((BLOCK + b"\x00")[:length])


def test_a_part_lies_under_tenant_and_utc_day_by_ids_alone() -> None:
    """No path shows a number, a name or an agent."""
    assert HEADER.relative_name() == (
        f"{DEFAULT_TENANT}/2026/09/21/000102030405060708090a0b0c0d0e0f-p02-g01.rkn"
    )
    assert HEADER.relative_name().endswith(f"/{HEADER.part_name}.rkn")


def test_a_map_lies_beside_its_part() -> None:
    """The same name with another suffix, so that neither is found without the other."""
    stem = HEADER.relative_name().removesuffix(".rkn")

    assert replace(HEADER, magic=MAP_MAGIC).relative_name() == f"{stem}.rkm"


def test_the_last_time_that_a_header_may_state_has_a_path() -> None:
    """A damaged time must not end in an error of the calendar."""
    last = replace(HEADER, created_us=MAX_CREATED_US)

    assert "9999/12/31" in HeaderBlock.decode(block_bytes(last, bytes(74))).relative_name()
