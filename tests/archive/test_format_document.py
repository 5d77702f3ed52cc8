"""docs/format.md and the code say the same: every table row is a field of a `struct`."""

import re
import struct

import numpy as np
import pytest

from archive.format.end import CLOCK, GAP, End, GapCause
from archive.format.floe import DEFAULT, OVERHEAD_BYTES
from archive.format.frames import HEAD, HEAD_DTYPE, MAX_PAYLOAD_BYTES, FrameKind
from archive.format.header import BLOCK, MAP_MAGIC, PLAIN_BYTES, RECORDING_MAGIC, SEGMENT_BYTES
from archive.format.intake import MAGIC, PAGE_HEAD, SIGNATURE_BYTES, SIGNED_BYTES
from archive.format.packets import (
    CUT,
    MASKED,
    PACKET_DTYPE,
    PACKETS_HEAD,
    PACKETS_HEAD_DTYPE,
    SOURCE,
)
from tests import ROOT

TEXT = (ROOT / "docs/format.md").read_text(encoding="utf-8")


def _section(heading: str) -> str:
    """From a heading to the next one, whatever its level."""
    _, _, rest = TEXT.partition(f"\n{heading}")
    assert rest, heading
    return rest.split("\n#", 1)[0]


def _rows(heading: str) -> list[tuple[int, int]]:
    """Offset and bytes of the rows of a section in which both are numbers."""
    cells = re.findall(r"^\| ([\d,]+) \| ([\d,]+) \|", _section(heading), re.MULTILINE)
    return [(int(at.replace(",", "")), int(size.replace(",", ""))) for at, size in cells]


def _fields(layout: struct.Struct) -> list[tuple[int, int]]:
    """Offset and bytes of the fields of a layout; padding counts as a field."""
    fields, at = [], 0
    for count, code in re.findall(r"(\d*)([a-zA-Z?])", layout.format):
        size = struct.calcsize(f">{count}{code}")
        fields.append((at, size))
        at += size
    assert at == layout.size
    return fields


@pytest.mark.parametrize(
    ("heading", "layout"),
    [
        ("## 3. Header block", BLOCK),
        ("## 5. Frames", HEAD),
        ("### PACKETS", PACKETS_HEAD),
        ("### CLOCK", CLOCK),
        ("### GAP", GAP),
    ],
)
def test_each_row_of_a_table_is_a_field_of_the_layout(heading: str, layout: struct.Struct) -> None:
    """Whoever reads an archive in thirty years has the document and not this code."""
    assert _rows(heading) == _fields(layout)


@pytest.mark.parametrize(
    ("columns", "layout"), [(HEAD_DTYPE, HEAD), (PACKETS_HEAD_DTYPE, PACKETS_HEAD)]
)
def test_many_heads_at_once_are_read_by_the_layout_of_one(
    columns: np.dtype[np.void], layout: struct.Struct
) -> None:
    """Two readers of one place must not drift apart."""
    fields = [(at, kind.itemsize) for kind, at, *_ in (columns.fields or {}).values()]

    assert fields == _fields(layout)
    assert columns.itemsize == layout.size


def test_the_intake_page_is_as_documented() -> None:
    """Its head by fields, its signature at the end of the block."""
    assert _rows("## 2. Intake page") == [*_fields(PAGE_HEAD), (SIGNED_BYTES, SIGNATURE_BYTES)]


def test_the_repeated_rows_of_packets_are_as_documented() -> None:
    """Sources and columns follow the head; their sizes are in the table."""
    section = _section("### PACKETS")

    assert f"| {PACKETS_HEAD.size} | {SOURCE.size} × s |" in section
    assert f"| {PACKETS_HEAD.size} + {SOURCE.size} s | {PACKET_DTYPE.itemsize} × n |" in section
    assert [PACKET_DTYPE[name].itemsize for name in PACKET_DTYPE.names or ()] == [4, 2, 1, 1]
    assert f"bit {MASKED.bit_length() - 1} = masked" in section
    assert f"bit {CUT.bit_length() - 1} = cut" in section


def test_names_and_numbers_are_as_documented() -> None:
    """Magics, kinds, causes and sizes, each where the document states it."""
    kinds = ", ".join(f"{kind.value} {kind.name}" for kind in FrameKind)
    words = {
        GapCause.KERNEL_DROPPED: "kernel dropped (receive queue full)",
        GapCause.WRITER_FAILED: "writer failed",
        GapCause.NODE_STOPPED: "node stopped",
        GapCause.PAUSED: "paused",
        GapCause.RELAY_FULL: "relay full (sent on, but not kept)",
    }

    assert f"kind: {kinds}" in TEXT
    assert ", ".join(f"{cause.value} {words[cause]}" for cause in GapCause) in TEXT
    assert f"{PLAIN_BYTES:,}" in TEXT
    assert f"{SEGMENT_BYTES:,}-byte encrypted segments" in TEXT
    assert SEGMENT_BYTES - OVERHEAD_BYTES == PLAIN_BYTES == DEFAULT.plaintext_bytes
    assert f"at most {MAX_PAYLOAD_BYTES >> 20} MiB" in TEXT
    for magic in (MAGIC, RECORDING_MAGIC, MAP_MAGIC):
        assert f"`{magic.decode()}`" in TEXT


def test_the_keys_of_an_end_are_as_documented_and_in_that_order() -> None:
    """The signature covers the JSON as it is spelled."""
    documented = re.findall(r"^\| `(\w+)` \|", _section("### END"), re.MULTILINE)

    assert documented == list(End.__struct_fields__)
