"""FLOE against the known answers, and what a message does with what was not sealed for it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from archive.errors import HeaderDamaged, SegmentDamaged
from archive.format.floe import (
    DEFAULT,
    FloeMessage,
    FloeParameters,
    claimed_bytes,
    derive,
    final_aad,
    internal_aad,
    is_final,
    zero,
)
from tests import ROOT

VECTORS = ROOT / "tests/vectors/floe"
NAMES = sorted(path.name.removesuffix("_ct.txt") for path in VECTORS.glob("*_ct.txt"))
KEY = bytes(32)
AAD = b"This is AAD"
IV = bytes(range(32))


def _parameters(name: str) -> FloeParameters:
    if "rotation" in name:
        return FloeParameters(segment_bytes=40, rotation_mask_bits=2)
    return FloeParameters(segment_bytes=4096 if "4K" in name else 64)


def _segments(sealed: bytes, size: int) -> list[bytes]:
    return [sealed[at : at + size] for at in range(0, len(sealed), size)]


def _read(name: str, kind: str) -> bytes:
    return bytes.fromhex((VECTORS / f"{name}_{kind}.txt").read_text())


def test_the_known_answers_are_here() -> None:
    """A run without its vectors would be green and prove nothing."""
    assert len(NAMES) == 17


@pytest.mark.parametrize("name", NAMES)
def test_known_answers_open(name: str) -> None:
    """Four other implementations sealed these; an archive must be readable by any of them."""
    sealed, parameters = _read(name, "ct"), _parameters(name)
    if "lastSeg" in name:
        parameters = FloeParameters(segment_bytes=int.from_bytes(sealed[2:6], "big"))
    message = FloeMessage.open(KEY, sealed[:74], AAD, parameters)

    opened = [
        message.open_segment(position, segment)
        for position, segment in enumerate(_segments(sealed[74:], parameters.segment_bytes))
    ]

    assert b"".join(opened) == _read(name, "pt")


@pytest.mark.parametrize("name", NAMES)
def test_known_answers_are_sealed_byte_for_byte(name: str) -> None:
    """With the same IVs we write exactly what the other implementations wrote."""
    sealed = _read(name, "ct")
    parameters = FloeParameters(
        segment_bytes=int.from_bytes(sealed[2:6], "big"),
        rotation_mask_bits=_parameters(name).rotation_mask_bits,
    )
    message = FloeMessage.create(KEY, sealed[10:42], AAD, parameters)
    again = bytearray(message.header)
    for position, segment in enumerate(_segments(sealed[74:], parameters.segment_bytes)):
        plaintext = message.open_segment(position, segment)
        if is_final(segment):
            again += message.seal_final(position, plaintext, segment[4:16])
        else:
            into = bytearray(parameters.segment_bytes)
            message.seal_internal(position, plaintext, segment[4:16], into)
            again += into

    assert again == sealed


def test_a_segment_opens_only_at_its_own_position() -> None:
    """Swapped and repeated segments must show."""
    message = FloeMessage.create(KEY, IV, AAD)
    segment = bytearray(4096)
    message.seal_internal(3, bytes(4064), os.urandom(12), segment)

    assert message.open_segment(3, segment) == bytes(4064)
    with pytest.raises(SegmentDamaged, match="segment 4") as damaged:
        message.open_segment(4, segment)
    assert damaged.value.position == 4


def test_a_final_segment_cannot_pass_for_an_internal_one() -> None:
    """Else a recording could be lengthened after its end."""
    message = FloeMessage.create(KEY, IV, AAD)
    final = message.seal_final(0, bytes(4064), os.urandom(12))

    with pytest.raises(SegmentDamaged):
        message.open_segment(0, b"\xff\xff\xff\xff" + final[4:])


def test_an_internal_segment_cannot_pass_for_the_final_one() -> None:
    """Else a recording could be cut at any segment."""
    message = FloeMessage.create(KEY, IV, AAD)
    segment = bytearray(4096)
    message.seal_internal(0, bytes(4064), os.urandom(12), segment)

    with pytest.raises(SegmentDamaged):
        message.open_segment(0, (4096).to_bytes(4, "big") + segment[4:])


@pytest.mark.parametrize("length", [0, 1, 31, 33, 4095])
def test_a_segment_of_another_length_than_it_states_is_refused(length: int) -> None:
    """Cut anywhere, it must not even be tried."""
    message = FloeMessage.create(KEY, IV, AAD)
    final = message.seal_final(0, b"", os.urandom(12))

    with pytest.raises(SegmentDamaged):
        message.open_segment(0, final.ljust(4096, b"\x00")[:length])


@pytest.mark.parametrize("at", range(74))
def test_every_byte_of_the_header_is_verified(at: int) -> None:
    """The header commits to the key, so that no file opens under two keys."""
    header = bytearray(FloeMessage.create(KEY, IV, AAD).header)
    header[at] ^= 1

    with pytest.raises(HeaderDamaged):
        FloeMessage.open(KEY, bytes(header), AAD)


def test_another_key_or_another_header_block_does_not_open() -> None:
    """A part moved under another name must not verify."""
    header = FloeMessage.create(KEY, IV, AAD).header

    with pytest.raises(HeaderDamaged):
        FloeMessage.open(bytes(31) + b"\x01", header, AAD)
    with pytest.raises(HeaderDamaged):
        FloeMessage.open(KEY, header, AAD + b".")


@pytest.mark.parametrize("broken", [0, 1, 3, 4])
def test_many_internal_segments_open_up_to_the_first_that_does_not(broken: int) -> None:
    """What is behind it is left to who asks for it by itself and learns what is wrong."""
    message = FloeMessage.create(
        KEY, IV, AAD, FloeParameters(segment_bytes=40, rotation_mask_bits=1)
    )
    plain, sealed = [bytes([n]) * 8 for n in range(4)], bytearray(4 * 40)
    for n, piece in enumerate(plain):
        message.seal_internal(7 + n, piece, bytes(12), memoryview(sealed)[n * 40 : n * 40 + 40])
    sealed += message.seal_final(11, b"end", bytes(12))
    if broken < len(plain):
        sealed[broken * 40 + 20] ^= 1

    assert message.open_internals(7, bytes(sealed)) == b"".join(plain[:broken])


def test_closing_zeroes_the_message_key_and_ends_sealing() -> None:
    """One second after a part is closed the writer's memory holds no key of it."""
    message = FloeMessage.create(KEY, IV, AAD)
    message.seal_final(0, b"", os.urandom(12))

    message.close()

    assert message._message_key == bytes(48)
    with pytest.raises(AssertionError):
        message.seal_final(0, b"", os.urandom(12))


def test_zero_keeps_the_buffer_and_its_length() -> None:
    """A key that were replaced instead of overwritten would stay in memory."""
    key = bytearray(b"secret")
    view = memoryview(key)

    zero(key)

    assert bytes(view) == bytes(6)


def test_what_is_derived_depends_on_the_purpose() -> None:
    """The sync word is spread over the plaintext; it must say nothing about other keys."""
    sync = derive(KEY, DEFAULT, IV, b"ROKUON_FRAME_SYNC:", AAD, 8)
    map_key = derive(KEY, DEFAULT, IV, b"ROKUON_MAP_KEY:", AAD, 32)

    assert isinstance(sync, bytearray)
    assert (len(sync), len(map_key)) == (8, 32)
    assert sync != map_key[:8]


def test_aads_name_position_and_kind() -> None:
    """Nine bytes, as c2sp.org/FLOE lays them out."""
    assert internal_aad(258) == bytes.fromhex("0000000000000102 00")
    assert final_aad(258) == bytes.fromhex("0000000000000102 01")


def test_an_impossible_stated_length_counts_as_none() -> None:
    """Whoever cuts a file into segments must not believe a length beyond the segment."""
    assert claimed_bytes(b"\xff\xff\xff\xff") == 4096
    assert claimed_bytes((33).to_bytes(4, "big")) == 33
    assert claimed_bytes((31).to_bytes(4, "big")) == 0
    assert claimed_bytes((4097).to_bytes(4, "big")) == 0


# Takes a data key without an immutable copy of it, seals, says so, waits, closes, says so, waits.
WRITER = """
import os, sys
from archive.format.floe import DEFAULT, FloeMessage, derive, zero
from archive.ids import IntakeKeyId, NodeId
from archive.format.intake import generate_intake_key, seal_page
key = bytearray(32)
os.readv(0, [key])
to = generate_intake_key(IntakeKeyId(bytes(16))).public_key()
seal_page(key, bytes(4096), to=to, node=NodeId(bytes(16)), sign=lambda _: bytes(64))
derive(key, DEFAULT, bytes(range(32)), b"ROKUON_FRAME_SYNC:", b"This is AAD", 8)
message = FloeMessage.create(key, bytes(range(32)), b"This is AAD")
segment = bytearray(4096)
for position in range(9):
    message.seal_internal(position, bytes(4064), os.urandom(12), segment)
message.seal_final(9, b"end", os.urandom(12))
os.write(1, b"s")
os.readv(0, [bytearray(1)])
message.close()
zero(key)
os.write(1, b"c")
os.readv(0, [bytearray(1)])
"""


def _is_in_memory_of(process: int, needle: bytes) -> bool:
    """Whether a process has these bytes anywhere that it can write."""
    with (
        Path(f"/proc/{process}/maps").open() as maps,
        Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory,
    ):
        for line in maps:
            span, rights = line.split()[:2]
            begin, end = (int(text, 16) for text in span.split("-"))
            if rights.startswith("rw"):
                memory.seek(begin)
                if needle in memory.read(end - begin):
                    return True
    return False


def test_a_closed_writer_has_neither_key_in_its_memory() -> None:
    """Whoever takes over the capture host cannot read what is closed. Open, the keys are there."""
    key = os.urandom(32)
    message_key = bytes(derive(key, DEFAULT, IV, b"MESSAGE_KEY:", AAD, 48))
    with subprocess.Popen(
        [sys.executable, "-c", WRITER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as writer:
        assert writer.stdin is not None
        assert writer.stdout is not None
        writer.stdin.write(key)
        writer.stdin.flush()
        assert writer.stdout.read(1) == b"s"
        before = [_is_in_memory_of(writer.pid, needle) for needle in (key, message_key)]
        writer.stdin.write(b".")
        writer.stdin.flush()
        assert writer.stdout.read(1) == b"c"
        after = [_is_in_memory_of(writer.pid, needle) for needle in (key, message_key)]
        writer.stdin.write(b".")

    assert (before, after) == ([True, True], [False, False])
