"""What frames amount to, and which payload belies its kind."""

from dataclasses import replace

import pytest

from archive.errors import FrameDamaged
from archive.format.end import ClockStep, End, Gap, GapCause
from archive.format.frame_counts import Tally
from archive.format.frames import HEAD_BYTES, WHOLE_RECORDING, Frame, FrameKind
from archive.format.header import PLAIN_BYTES
from tests.archive.examples import START_US, event_frame, packets_frame

GAP = Gap(cause=GapCause.PAUSED, packets=1, from_us=1, until_us=2).encode()
STEP = ClockStep(monotonic_us=1, before_us=2, after_us=3).encode()
END = Frame(
    FrameKind.END,
    0,
    WHOLE_RECORDING,
    START_US,
    0,
    End(reason="bye", segments=1, packets={}).encode_as_it_is(),
)
PAD = Frame(FrameKind.PAD, 0, WHOLE_RECORDING, 0, 0, bytes(PLAIN_BYTES - HEAD_BYTES))


def test_a_tally_counts_audio_per_stream_and_keeps_the_latest_time() -> None:
    """END's counts and the beginning of an open gap come from here."""
    tally = Tally()
    for frame in (
        event_frame(0, 0),
        packets_frame(0, 3),
        packets_frame(3, 2),
        packets_frame(4, 9, rtcp=True),
        Frame(FrameKind.GAP, 0, 0, 1, 0, GAP),
        Frame(FrameKind.CLOCK, 0, WHOLE_RECORDING, 1, 0, STEP),
        PAD,
        END,
    ):
        tally.add(frame)

    assert (tally.frames, tally.events, tally.gaps, tally.packets) == (8, 1, 1, {0: 3, 1: 2})
    assert tally.last_at_us == START_US + 12 * 20_000
    assert tally.end is not None


def test_nothing_follows_the_end() -> None:
    """What stands behind it was not counted by who signed it."""
    tally = Tally()
    tally.add(END)

    with pytest.raises(FrameDamaged, match="after the end"):
        tally.add(event_frame(0, 0))


@pytest.mark.parametrize(
    "frame",
    [
        replace(event_frame(0, 0), payload=b'{"type":"unheard_of","at_us":1}'),
        replace(event_frame(0, 0), payload=b"\xff"),
        replace(PAD, payload=bytes(9)),
        replace(PAD, payload=bytes(PAD.payload[:-1]) + b"\x01"),
        Frame(FrameKind.GAP, 0, 0, 0, 0, GAP[1:]),
        Frame(FrameKind.CLOCK, 0, 0, 0, 0, STEP + b"\x00"),
        replace(END, payload=b"{}"),
        replace(packets_frame(0, 1), payload=b""),
    ],
)
def test_a_payload_that_belies_its_kind_is_named(frame: Frame) -> None:
    """With the place where it stands."""
    with pytest.raises(FrameDamaged):
        Tally().add(frame)
