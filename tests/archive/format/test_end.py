"""What stands beside the packets of a part: gaps, clock steps, and the signed end."""

from dataclasses import replace

import msgspec
import pytest

from archive.errors import FrameDamaged, SignatureWrong
from archive.format.end import UNKNOWN_PACKETS, ClockStep, End, Gap, GapCause, Lost
from tests.archive.examples import NODE_KEY

TAG = b"t" * 32
PUBLIC = NODE_KEY.public_key()
END = End(
    reason="media_timeout",
    segments=9,
    packets={1: 70, 0: 68},
    lost=(Lost(0, 5, 9, 3), Lost(1, 7, 7, UNKNOWN_PACKETS)),
    last=True,
)
SIGNED = END.encode(sign=NODE_KEY.sign, header_tag=TAG)


def test_an_end_reads_back_and_its_signature_verifies() -> None:
    """Who closed the part, and that its counts are his."""
    end = End.decode(SIGNED)

    end.verify(TAG, PUBLIC)

    assert msgspec.structs.replace(end, signature=b"") == END


@pytest.mark.parametrize(
    "change",
    [
        {"reason": "bye"},
        {"segments": 8},
        {"packets": {1: 70, 0: 69}},
        {"packets": {0: 68, 1: 70}},
        {"lost": ()},
        {"last": False},
    ],
)
def test_nothing_in_an_end_can_be_changed_unseen(change: dict[str, object]) -> None:
    """The data key alone, which the keeper has, does not make a node's account."""
    changed = msgspec.structs.replace(End.decode(SIGNED), **change)

    with pytest.raises(SignatureWrong):
        changed.verify(TAG, PUBLIC)


def test_an_end_belongs_to_one_header() -> None:
    """An end moved into another part does not verify."""
    with pytest.raises(SignatureWrong):
        End.decode(SIGNED).verify(b"u" * 32, PUBLIC)


def test_an_end_without_signature_does_not_verify() -> None:
    """What a keeper finalised must not pass for a node's own account."""
    with pytest.raises(SignatureWrong):
        END.verify(TAG, PUBLIC)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        SIGNED.replace(b",", b", ", 1),
        SIGNED.replace(b'"reason"', b'"because"', 1),
        SIGNED[:-1] + b',"more":1}',
        SIGNED.replace(b'"last":true', b'"last":1'),
    ],
)
def test_what_is_no_end_is_refused(payload: bytes) -> None:
    """One value has one spelling: the one that was signed."""
    with pytest.raises(FrameDamaged, match="plaintext offset 7"):
        End.decode(payload, 7)


def test_a_gap_reads_back_as_it_was_written() -> None:
    """A loss keeps its cause, its count and its place."""
    gap = Gap(cause=GapCause.PAUSED, packets=UNKNOWN_PACKETS, from_us=1, until_us=2)

    assert Gap.decode(gap.encode()) == gap
    assert Gap.decode(replace(gap, packets=3).encode()).packets == 3


def test_a_clock_step_reads_back_as_it_was_written() -> None:
    """Offsets may be negative: a clock may be behind its own uptime."""
    step = ClockStep(monotonic_us=1, before_us=-2, after_us=1 << 60)

    assert ClockStep.decode(step.encode()) == step


@pytest.mark.parametrize("payload", [b"", bytes(23), bytes(24), b"\x06" + bytes(23), bytes(25)])
def test_what_is_no_gap_is_refused(payload: bytes) -> None:
    """Causes are counted from 1 to 5."""
    with pytest.raises(FrameDamaged):
        Gap.decode(payload)


@pytest.mark.parametrize("payload", [b"", bytes(23), bytes(25)])
def test_what_is_no_clock_step_is_refused(payload: bytes) -> None:
    """Its length is its only form."""
    with pytest.raises(FrameDamaged):
        ClockStep.decode(payload)
