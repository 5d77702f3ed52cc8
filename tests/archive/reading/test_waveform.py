"""The waveform of a whole call, on the time line on which it is heard."""

import wave
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from archive.call.events import Event, ParticipantChanged, RecordingPaused, RecordingResumed
from archive.call.highlights import Highlight
from archive.reading import waveform
from archive.reading.dat import PEAKS_HEAD
from archive.reading.joined import join
from archive.reading.recording import RecordingReader
from archive.reading.waveform import Blank, CallWaveform, draw
from tests.archive.reading.scenes import START_US, Packet, Shelf, Talk, added, ended, party, played

SECOND = 1_000_000
Scene = tuple[Sequence[Packet], Sequence[Event]]


@contextmanager
def call(folder: Path, *recordings: Scene) -> Iterator[list[RecordingReader]]:
    """The recordings of a call, opened."""
    with ExitStack() as stack:
        readers = []
        for number, (packets, events) in enumerate(recordings):
            (folder / str(number)).mkdir()
            shelf = Shelf(folder=folder / str(number)).write(packets, list(events))
            readers.append(stack.enter_context(RecordingReader(shelf.parts)))
        yield readers


def bins(drawn: CallWaveform) -> NDArray[np.int8]:
    """The highest and lowest of each 20 ms, shape (bins, channels, 2)."""
    *_, length, channels = PEAKS_HEAD.unpack_from(drawn.peaks)
    packed = np.frombuffer(drawn.peaks, np.int8, offset=PEAKS_HEAD.size)
    return packed.reshape(length, channels, 2)


def heard(readers: Sequence[RecordingReader]) -> NDArray[np.int16]:
    """What a listener hears of it."""
    joined = join(readers)
    with wave.open(BytesIO(joined.read(0, joined.total_bytes))) as file:
        data = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return data.reshape(-1, file.getnchannels())


def talks(begin_us: int, ssrc: int, stream: int = 0, packets: int = 50) -> list[Packet]:
    return Talk(begin_us=begin_us, ssrc=ssrc, stream=stream, packets=packets).sent()


def transfer() -> tuple[Scene, Scene]:
    """A second of one call, two seconds of nothing, and a second of its transfer."""
    later = START_US + 3 * SECOND
    return (
        (talks(START_US, 1), [added(0), party(0, "customer", "c"), ended(START_US + SECOND)]),
        (
            [*talks(later, 2), *talks(later, 3, stream=1)],
            [
                added(0, at_us=later),
                added(1, at_us=later),
                msgspec.structs.replace(party(0, "customer", "c"), at_us=later),
                msgspec.structs.replace(party(1, "agent", "a"), at_us=later),
                ended(later + SECOND),
            ],
        ),
    )


def test_what_is_drawn_lies_where_it_is_heard(tmp_path: Path) -> None:
    """In the same channel and within a bin: a click on the picture is the word that one saw."""
    with call(tmp_path, *transfer()) as readers:
        drawn, sound = draw(readers), heard(readers)

    seen = np.abs(bins(drawn).astype(int)).max(axis=2) > 0
    whole = sound[: len(sound) // 160 * 160].astype(int)
    audible = np.abs(whole).reshape(-1, 160, sound.shape[1]).max(axis=1) > 256
    assert drawn.start_us == START_US
    assert drawn.length_us == len(sound) * SECOND // 8000
    assert seen.shape[1] == sound.shape[1]
    assert (seen[: len(audible)] == audible).mean() > 0.98


def test_between_two_recordings_nothing_is_drawn_and_it_says_why(tmp_path: Path) -> None:
    """A silence without its reason would be taken for what was said."""
    with call(tmp_path, *transfer()) as readers:
        drawn = draw(readers)

    assert not bins(drawn)[60:140].any()
    assert drawn.blanks == (
        Blank(from_us=0, until_us=SECOND, because="nothing_arrived", channels=(1,)),
        Blank(from_us=SECOND, until_us=3 * SECOND, because="not_recorded", channels=(0, 1)),
    )


def test_a_channel_has_who_speaks_on_it_and_what_became_of_the_packets(tmp_path: Path) -> None:
    """The same side in both recordings is one side."""
    with call(tmp_path, *transfer()) as readers:
        customer, agent = draw(readers).channels

    assert (customer.side, customer.participants, customer.packets) == ("customer", ("c",), 100)
    assert (agent.side, agent.participants, agent.packets, agent.lost) == ("agent", ("a",), 50, 0)


def test_what_was_lost_on_the_way_is_counted(tmp_path: Path) -> None:
    """As the recording knows it: a listener hears less than was said."""
    sent = talks(START_US, 1)
    with call(tmp_path, (sent[:20] + sent[25:], [added(0), party(0, "customer")])) as readers:
        assert draw(readers).channels[0].lost == 5


def test_where_a_party_is_not_heard_it_is_a_hold_a_pause_or_nothing_arrived(
    tmp_path: Path,
) -> None:
    """Each stretch has one reason; what Rokuon does not play needs none."""
    paused = RecordingPaused(at_us=START_US + 2 * SECOND, serial=0, by="x")
    resumed = RecordingResumed(at_us=START_US + 4 * SECOND, serial=0, by="x", because="asked")
    spoken = [*talks(START_US, 1), *talks(START_US + 6 * SECOND, 1)]
    events = [
        added(0), *played(2, "caller"), party(0, "customer"), paused, resumed,
        ended(START_US + 7 * SECOND),
    ]  # fmt: skip
    with call(tmp_path, (spoken, events)) as readers:
        blanks = [(each.because, each.from_us // SECOND, each.until_us // SECOND)
                  for each in draw(readers).blanks if 0 in each.channels]  # fmt: skip

    assert blanks == [
        ("unknown", 1, 2),
        ("pause", 2, 4),
        ("unknown", 4, 6),
    ]


def test_a_loss_is_drawn_as_one_and_told_among_what_happened(tmp_path: Path) -> None:
    """It was taken for silence: three seconds, where nobody could tell."""
    sent = talks(START_US, 1, packets=250)
    lossy = [*sent[:50], *sent[200:]]
    with call(tmp_path, (lossy, [added(0), party(0, "customer", "c")])) as readers:
        drawn = draw(readers)

    assert [each for each in drawn.blanks if 0 in each.channels] == [
        Blank(from_us=SECOND, until_us=4 * SECOND, because="lost", channels=(0,), participant="c")
    ]
    assert drawn.highlights == (
        Highlight(
            from_us=START_US + SECOND,
            until_us=START_US + 4 * SECOND,
            kind="gap",
            who="c",
            detail="lost",
            packets=150,
            absent_us=3 * SECOND,
        ),
    )
    assert drawn.channels[0].lost == 150


def test_where_packets_say_nothing_it_is_not_taken_for_what_was_said(tmp_path: Path) -> None:
    """A party that went on in silence."""
    sent = talks(START_US, 1, packets=250)
    quiet = [replace(each, datagram=each.datagram[:12] + b"\xff" * 160) for each in sent[50:200]]
    with call(
        tmp_path, ([*sent[:50], *quiet, *sent[200:]], [added(0), party(0, "customer")])
    ) as readers:
        drawn = draw(readers)

    assert Blank(from_us=SECOND, until_us=4 * SECOND, because="flat", channels=(0,)) in drawn.blanks
    assert drawn.highlights == ()


def test_a_silence_that_was_not_sent_is_drawn_as_one(tmp_path: Path) -> None:
    """Nothing is missing: it is no event."""
    sent = talks(START_US, 1, packets=250)
    later = [
        replace(each, datagram=each.datagram[:2] + number.to_bytes(2) + each.datagram[4:])
        for number, each in enumerate(sent[200:], start=1050)
    ]
    with call(tmp_path, ([*sent[:50], *later], [added(0), party(0, "customer")])) as readers:
        drawn = draw(readers)

    blanks = [each for each in drawn.blanks if 0 in each.channels]
    assert [(each.because, each.from_us, each.until_us) for each in blanks] == [
        ("not_sent", SECOND, 4 * SECOND)
    ]
    assert drawn.highlights == ()


def test_a_long_call_is_drawn_in_fewer_bins_that_miss_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hours at 20 ms are more than a screen shows, and than a browser takes in at once."""
    with call(tmp_path, *transfer()) as readers:
        fine = draw(readers)
        monkeypatch.setattr(waveform, "MAX_BINS", 60)
        coarse = draw(readers)

    _, _, rate, size, length, _ = PEAKS_HEAD.unpack_from(coarse.peaks)
    assert (rate, size, length) == (8_000, 4 * 160, 50)
    merged = bins(fine)[: 4 * length].reshape(length, 4, 2, 2)
    assert (bins(coarse)[:, :, 0] == merged[:, :, :, 0].min(axis=1)).all()
    assert (bins(coarse)[:, :, 1] == merged[:, :, :, 1].max(axis=1)).all()


def test_what_overlaps_is_drawn_as_loud_as_it_is_heard(tmp_path: Path) -> None:
    """Two loud voices at once must not wrap round."""
    one = (talks(START_US, 1), [added(0), party(0, "customer")])
    other = (talks(START_US, 2), [added(0), party(0, "customer")])
    with call(tmp_path, one, other) as readers:
        drawn = bins(draw(readers))

    assert (drawn[:40, 0, 0].min(), drawn[:40, 0, 1].max()) == (-128, 127)


def test_what_was_recorded_twice_is_drawn_once(tmp_path: Path) -> None:
    """As it is heard once."""
    one = (talks(START_US, 1), [added(0), party(0, "customer")])
    with call(tmp_path, one, one) as readers:
        twice, once = draw(readers), draw(readers[:1])

    assert twice.peaks == once.peaks
    assert twice.channels == once.channels


def test_what_happened_in_several_recordings_stands_in_one_order(tmp_path: Path) -> None:
    """And what both tell of stands there once."""
    first, second = transfer()
    joined = ParticipantChanged(at_us=START_US, what="joined", participant="c")
    later = ParticipantChanged(at_us=START_US + 3 * SECOND, what="transferred", participant="a")
    one, other = (first[0], [*first[1], joined]), (second[0], [*second[1], joined, later])
    with call(tmp_path, one, other) as readers:
        found = draw(readers).highlights

    assert [(each.kind, each.who) for each in found] == [("joined", "c"), ("transferred", "a")]
