"""Whatever happens in a call: where somebody was to be heard, and where a gap may stand.

Moments are half seconds. The oracle walks them one by one and keeps no interval.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from hypothesis import given, strategies as st

from archive.call.adoption import Interval, SequenceRange, StreamSound
from archive.call.events import (
    Event,
    ParticipantChanged,
    PartiesJoined,
    PartiesParted,
    RecordingBegan,
    RecordingPaused,
    RecordingResumed,
    StreamAdded,
    StreamChanged,
    StreamPartyKnown,
    StreamRemoved,
)
from archive.call.expected import expected_in
from archive.call.gaps import PartGaps, gaps_in
from archive.call.silent_sides import SIDE_MISSING, SILENT_EDGE, silence_flags
from tests.archive.catalog.examples import inline, opened

HALF = 500_000
END = 24
STREAMS = (0, 1)
SECOND = 2
Cells = dict[int, set[int]]


@dataclass(frozen=True)
class Step:
    """Something that happens at a half second; `stream` means nothing to a pause or a bridge."""

    at: int
    what: str
    stream: int


WHATS = [
    "add", "remove", "silent", "speaking", "left", "back", "pause", "resume", "joined", "parted",
]  # fmt: skip
STEPS = st.lists(
    st.builds(
        Step,
        at=st.integers(0, END - 1),
        what=st.sampled_from(WHATS),
        stream=st.sampled_from(STREAMS),
    ),
    max_size=14,
).map(lambda steps: sorted(steps, key=lambda step: step.at))


class Oracle:
    """Who is there now; asked once in each half second."""

    def __init__(self, *, is_bridged: bool) -> None:
        self.added, self.there = set[int](), set[int]()
        self.mute, self.gone = set[int](), set[int]()
        self.paused, self.pauses = False, 0
        self.is_bridged, self.joined = is_bridged, False
        self.events: list[Event] = []

    def step(self, step: Step) -> None:
        """Do what can be done now, and tell of it; the rest is nothing."""
        at_us = step.at * HALF
        self._of_stream(step.what, step.stream, at_us)
        self._of_person(step.what, step.stream, at_us)
        self._of_all(step.what, at_us)

    def _of_stream(self, what: str, stream: int, at_us: int) -> None:
        match what:
            case "add" if stream not in self.added:
                self.added.add(stream)
                self.there.add(stream)
                self._tell(_added(stream, at_us))
                if stream not in self.gone:
                    self._tell(_speaks(stream, at_us))
            case "remove" if stream in self.there:
                self.there.discard(stream)
                self._tell(StreamRemoved(at_us=at_us, stream=stream))
            case "silent" if stream in self.there:
                self.mute.add(stream)
                self._tell(_directed(stream, at_us, "inactive"))
            case "speaking" if stream in self.there:
                self.mute.discard(stream)
                self._tell(_directed(stream, at_us, "recvonly"))

    def _of_person(self, what: str, stream: int, at_us: int) -> None:
        match what:
            case "left" if stream in self.there - self.gone:
                self.gone.add(stream)
                self._tell(_changed("left", stream, at_us))
            case "back" if stream in self.there & self.gone:
                self.gone.discard(stream)
                self._tell(_changed("joined", stream, at_us))
                self._tell(_speaks(stream, at_us))

    def _of_all(self, what: str, at_us: int) -> None:
        match what:
            case "pause" if not self.paused:
                self.paused = True
                self._tell(RecordingPaused(at_us=at_us, serial=self.pauses, by="x"))
            case "resume" if self.paused:
                self.paused = False
                told = RecordingResumed(at_us=at_us, serial=self.pauses, by="x", because="asked")
                self._tell(told)
                self.pauses += 1
            case "joined" if self.is_bridged and not self.joined:
                self.joined = True
                self._tell(PartiesJoined(at_us=at_us))
            case "parted" if self.is_bridged and self.joined:
                self.joined = False
                self._tell(PartiesParted(at_us=at_us))

    def _tell(self, event: Event) -> None:
        self.events.append(event)

    def expects(self, stream: int) -> bool:
        if self.paused or (self.is_bridged and not self.joined):
            return False
        return stream in self.there - self.mute - self.gone


def _added(stream: int, at_us: int) -> StreamAdded:
    return StreamAdded(
        at_us=at_us, stream=stream, label=str(stream), local_port=1, formats=(),
        direction="recvonly",
    )  # fmt: skip


def _directed(stream: int, at_us: int, direction: Literal["inactive", "recvonly"]) -> StreamChanged:
    return StreamChanged(at_us=at_us, stream=stream, formats=(), direction=direction)


def _changed(what: Literal["joined", "left"], stream: int, at_us: int) -> ParticipantChanged:
    return ParticipantChanged(at_us=at_us, what=what, participant=f"p{stream}")


def _speaks(stream: int, at_us: int) -> StreamPartyKnown:
    return StreamPartyKnown(
        at_us=at_us, stream=stream, participant=f"p{stream}", aor="", names=(), side="unknown",
        because="first_stream",
    )  # fmt: skip


def played(steps: list[Step], *, is_bridged: bool) -> tuple[list[Event], Cells]:
    """The events of a call, and in which of its half seconds who was to be heard."""
    oracle, expected = Oracle(is_bridged=is_bridged), {stream: set[int]() for stream in STREAMS}
    if is_bridged:
        oracle.step(Step(0, "joined", 0))  # one that is joined never is one of before
    for at in range(END):
        for step in steps:
            if step.at == at:
                oracle.step(step)
        for stream in STREAMS:
            if oracle.expects(stream):
                expected[stream].add(at)
    if is_bridged:
        first, *rest = inline(RecordingBegan(at_us=0), *oracle.events)
        return [first, *rest[:-1]], expected
    return [opened(0), *oracle.events], expected


def cells(intervals: Iterable[Interval]) -> set[int]:
    """The half seconds of intervals, each of which begins and ends with one."""
    found = set[int]()
    for begin, end in intervals:
        assert begin % HALF == end % HALF == 0
        assert begin < end
        assert found.isdisjoint(range(begin // HALF, end // HALF))
        found |= set(range(begin // HALF, end // HALF))
    return found


def runs(of: set[int]) -> list[list[int]]:
    """Half seconds that follow each other, together."""
    found: list[list[int]] = []
    for each in sorted(of):
        if found and found[-1][-1] == each - 1:
            found[-1].append(each)
        else:
            found.append([each])
    return found


@given(STEPS, st.booleans())
def test_a_voice_is_expected_in_exactly_the_moments_in_which_somebody_may_speak(
    steps: list[Step], is_bridged: bool
) -> None:
    """Whoever comes, leaves, is muted, paused or parted, in any order."""
    events, expected = played(steps, is_bridged=is_bridged)
    found = expected_in(events, END * HALF)

    assert {stream: cells(found.get(stream, ())) for stream in STREAMS} == expected


HEARD = st.fixed_dictionaries({stream: st.sets(st.integers(0, END - 1)) for stream in STREAMS})


def part(heard: dict[int, set[int]]) -> PartGaps:
    """A part in which these half seconds sound."""
    sounds = [
        StreamSound(
            stream, "PCMU", tuple((run[0] * HALF, (run[-1] + 1) * HALF) for run in runs(own))
        )
        for stream, own in heard.items()
        if own
    ]
    own = tuple(SequenceRange(stream=each.stream, ssrc=1, first=1, last=9) for each in sounds)
    return PartGaps(gaps=(), sequences=own, first_us=0, last_us=END * HALF, sounds=sounds)


@given(STEPS, st.booleans(), HEARD)
def test_gaps_and_what_is_heard_are_together_what_was_expected(
    steps: list[Step], is_bridged: bool, heard: dict[int, set[int]]
) -> None:
    """No gap lies over a voice, outside of the call or where nobody was to speak; a silence of a
    second or more has one, a shorter one none.
    """
    events, expected = played(steps, is_bridged=is_bridged)
    found = gaps_in([part(heard)], events, expected_in(events, END * HALF))

    for stream in STREAMS:
        own = [each for each in found if each.stream == stream]
        told = cells((each.from_us, each.until_us) for each in own)
        silent = expected[stream] - heard[stream]
        short = {each for run in runs(silent) if len(run) < SECOND for each in run}
        assert told.isdisjoint(heard[stream])
        assert told <= expected[stream] <= set(range(END))
        assert told | short | (heard[stream] & expected[stream]) == expected[stream]
        assert told.isdisjoint(short)
        assert all(each.is_whole and not each.packets for each in own)


@given(STEPS, st.booleans(), HEARD)
def test_flags_say_which_of_the_gaps_matter(
    steps: list[Step], is_bridged: bool, heard: dict[int, set[int]]
) -> None:
    """A stream without a packet where a second of it was expected misses a side; else the first
    or the last expected second without one is a silent edge.
    """
    events, expected = played(steps, is_bridged=is_bridged)
    flags = silence_flags([part(heard)], events, (), END * HALF)

    missing = {s for s in STREAMS if len(expected[s]) >= SECOND and not heard[s]}
    edges = set()
    for stream in set(STREAMS) - missing:
        wanted = sorted(expected[stream])
        silent = runs(expected[stream] - heard[stream])
        for run in silent:
            if len(run) >= SECOND and {run[0], run[-1]} & {wanted[0], wanted[-1]}:
                edges.add(stream)
    assert (SIDE_MISSING in flags) is bool(missing)
    assert (SILENT_EDGE in flags) is bool(edges)
