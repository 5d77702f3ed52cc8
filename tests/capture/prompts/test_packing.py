"""The file that the relay plays."""

import struct

import pytest

from capture.prompts.encoding import EncodedPrompt
from capture.prompts.packing import HEAD, HEAD_BYTES, MAX_PAYLOAD_BYTES, is_whole, pack


def prompt(*frames: bytes) -> EncodedPrompt:
    return EncodedPrompt(encoding="OPUS", clock_hz=48_000, timestamp_step=960, frames=frames)


SAME = pack(prompt(b"first", b"secnd", b"third"))
VARIABLE = pack(prompt(b"one", b"three", b"fourteen"))


def test_the_head_is_laid_out_as_its_description_says() -> None:
    """Another process reads it without asking this one."""
    assert HEAD.size == HEAD_BYTES == 64
    assert SAME[:21] == b"RKNP\x01" + struct.pack("<IHIIH", 48_000, 20, 960, 3, 5)
    assert SAME[21:64] == bytes(43)


def test_payloads_of_one_length_lie_back_to_back_behind_the_head() -> None:
    """Nothing to look up: packet n begins at 64 + n times the length."""
    assert SAME[64:] == b"firstsecndthird"


def test_payloads_of_several_lengths_follow_a_table_of_them() -> None:
    """Length 0 in the head says that there is one."""
    assert HEAD.unpack_from(VARIABLE)[-1] == 0
    assert VARIABLE[64:] == struct.pack("<3H", 3, 5, 8) + b"onethreefourteen"


@pytest.mark.parametrize("content", [SAME, VARIABLE])
def test_a_file_is_whole_to_its_last_byte_and_not_a_byte_beyond(content: bytes) -> None:
    """Cut anywhere it is made again; played it would end in the middle of a word."""
    assert is_whole(content)
    assert [end for end in range(len(content)) if is_whole(content[:end])] == []
    assert not is_whole(content + b"\0")


@pytest.mark.parametrize(
    ("place", "value"), [(0, b"X"), (4, b"\x02"), (9, b"\x1e"), (15, bytes(4))]
)
def test_a_head_of_another_kind_is_not_ours(place: int, value: bytes) -> None:
    """Magic, version, packet length; and a prompt of no packets is none."""
    torn = SAME[:place] + value + SAME[place + len(value) :]

    assert not is_whole(torn)


def test_a_payload_that_fits_no_packet_is_a_mistake_of_ours() -> None:
    """Found when it is written, not when somebody calls."""
    with pytest.raises(AssertionError):
        pack(prompt(bytes(MAX_PAYLOAD_BYTES + 1)))
