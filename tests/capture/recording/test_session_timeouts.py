"""What ends a call that nobody hangs up."""

from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, strategies as st

from capture.recording.session import RecordingSession, SessionStream
from capture.recording.session_timeouts import (
    MAX_ABSENCES,
    Absences,
    Over,
    Probe,
    SessionTimeouts,
    Timeouts,
    TimeoutVerdict,
)
from tests.support.siprec.sessions import a_session, ended

LIMITS = Timeouts(media_s=300, hold_s=7_200, longest_s=43_200)
TICK_US = 500_000
SECOND_US = 1_000_000
START_US = 1_790_000_000_000_000


def a_stream(pair: int) -> SessionStream:
    """A stream on a pair."""
    return SessionStream(
        position=pair,
        recording=b"r",
        stream=pair,
        pair=pair,
        port=10_000 + 2 * pair,
        label="",
        formats=(),
        is_held=False,
    )


class Scene:
    """One session and a clock that ticks; verdicts are kept with their second."""

    def __init__(self, limits: Timeouts = LIMITS) -> None:
        self.now_us = START_US
        self.arrivals = {0: 0, 1: 0, 2: 0, 3: 0}
        self.watch = SessionTimeouts(limits, lambda pair: self.arrivals[pair])
        self.session: RecordingSession | None = msgspec.structs.replace(
            a_session(), created_us=START_US, pairs=(0, 1), streams=(a_stream(0), a_stream(1))
        )
        self.seen: list[tuple[int, str]] = []
        self.sides: list[tuple[int, ...]] = []
        self.watch.see(self.session)

    def changed(self, **fields: object) -> None:
        """The session has other values from now on."""
        assert self.session is not None
        self.session = msgspec.structs.replace(self.session, **fields)

    def lives(self, **fields: int) -> None:
        """Of whether it lives something else is known from now on."""
        assert self.session is not None
        liveness = msgspec.structs.replace(self.session.liveness, **fields)
        self.session = self.session.with_liveness(liveness)

    def until(self, at_s: float, *, media: tuple[int, ...] = ()) -> "Scene":
        """Tick on; media arrives on these pairs all the while."""
        while self.now_us < START_US + at_s * SECOND_US:
            self.now_us += TICK_US
            self.arrivals.update(dict.fromkeys(media, self.now_us))
            for verdict in self.watch.due(self.now_us, lambda _: self.session):
                self._carry_out(verdict)
        return self

    def _carry_out(self, verdict: TimeoutVerdict) -> None:
        at_s = (self.now_us - START_US) // SECOND_US
        if isinstance(verdict, Probe):
            self.seen.append((at_s, "probe"))
            self.sides.append(verdict.sides)
            assert self.session is not None
            probed = self.session.liveness.probed(self.now_us)
            self.session = self.session.with_liveness(probed)
        else:
            assert isinstance(verdict, Over)
            self.seen.append((at_s, verdict.reason))
            self.session = None


def test_a_silent_call_is_asked_for_and_then_ended() -> None:
    """Once, at a third of the time; then the time-out."""
    assert Scene().until(1_000).seen == [(100, "probe"), (300, "media_timeout")]


def test_who_could_not_be_reached_is_asked_again_after_a_while() -> None:
    """Until somebody answers; the time without media counts all the same."""
    scene = Scene().until(110)
    scene.lives(ask_again_us=scene.now_us + 30 * SECOND_US)
    scene.until(200)

    first, (again_s, again) = scene.seen
    assert (first, again) == ((100, "probe"), "probe")
    assert 140 <= again_s <= 170
    assert scene.until(1_000).seen[2:] == [(300, "media_timeout")]


def test_media_on_one_stream_is_enough() -> None:
    """The other party may just listen."""
    assert Scene().until(2_000, media=(1,)).seen == []


def test_each_silence_is_asked_for_once() -> None:
    """Media in between begins another."""
    scene = Scene().until(150).until(160, media=(0,)).until(280)

    assert scene.seen == [(100, "probe"), (260, "probe")]


def test_the_time_without_media_counts_from_the_last_packet() -> None:
    """Not from the last look."""
    scene = Scene().until(160, media=(0,)).until(1_000)

    assert [reason for _, reason in scene.seen] == ["probe", "media_timeout"]
    assert scene.seen[-1][0] == 460


def test_silence_while_its_worker_is_away_is_none() -> None:
    """A worker that came back after a minute found its calls ended, though all were talking."""
    scene = Scene().until(20, media=(0,))
    while scene.now_us < START_US + 700 * SECOND_US:
        scene.watch.absences.note([0], scene.now_us)
        scene.until((scene.now_us - START_US + TICK_US) / SECOND_US)
    assert scene.seen == []

    assert scene.until(2_000).seen == [(799, "probe"), (999, "media_timeout")]


def test_silence_before_and_between_absences_counts() -> None:
    """A worker that died once a minute kept silent calls up until their longest length."""
    scene = Scene().until(20, media=(0,))
    while scene.seen == [] and scene.now_us < START_US + 2_000 * SECOND_US:
        at_s = (scene.now_us - START_US) / SECOND_US
        scene.watch.absences.note([0] if at_s % 60 < 30 else [], scene.now_us)
        scene.until(at_s + 0.5)
        scene.seen = [each for each in scene.seen if each[1] != "probe"]

    ((ended_s, reason),) = scene.seen
    assert reason == "media_timeout"
    assert 590 < ended_s < 645  # half of it could be heard


def test_so_many_absences_are_kept_and_of_more_none_is_lost() -> None:
    """The oldest become one; what lies between them is taken for absence: it ends no call."""
    absences = Absences()
    for each in range(0, 3 * MAX_ABSENCES):
        absences.note([0], 4 * each)
        absences.note([0], 4 * each + 2)
        absences.note([], 4 * each + 3)

    assert absences.since(0, 12 * MAX_ABSENCES - 8) == 4
    assert absences.since(0, 0) >= 2 * 3 * MAX_ABSENCES
    assert absences.since(1, 0) == 0


def test_another_worker_that_is_away_spares_nobody() -> None:
    """Its calls are others."""
    scene = Scene()
    scene.watch.absences.note([1], START_US + 200 * SECOND_US)

    assert scene.until(1_000).seen == [(100, "probe"), (300, "media_timeout")]


def test_a_moment_of_before_the_clock_was_set_spares_nobody() -> None:
    """It may lie a day ahead."""
    scene = Scene()
    scene.watch.absences.note([0], START_US + 86_400 * SECOND_US)
    scene.watch.absences.clock_stepped()

    assert scene.until(1_000).seen == [(100, "probe"), (300, "media_timeout")]


def test_a_hold_suspends_the_timeout_until_its_own() -> None:
    """A customer may wait long; not for ever."""
    scene = Scene().until(50, media=(0,))
    scene.lives(held_since_us=scene.now_us)

    assert scene.until(20_000).seen == [(7_250, "hold_timeout")]


def half_held() -> Scene:
    """One party of an inline call has put the other one on hold."""
    scene = Scene().until(50, media=(0, 1))
    assert scene.session is not None
    streams = (
        msgspec.structs.replace(a_stream(0), is_relayed=True),
        msgspec.structs.replace(a_stream(1), is_relayed=True, is_held=True),
    )
    scene.changed(streams=streams)
    return scene


def test_a_hold_without_music_is_a_hold() -> None:
    """Nothing comes from either of them; from when it was last, it may last as long as any."""
    assert [each for each in half_held().until(20_000).seen if each[1] != "probe"] == [
        (7_250, "hold_timeout")
    ]


def test_a_hold_with_music_ends_no_call() -> None:
    """Nor does a call in which one side just listens: somebody is there."""
    assert half_held().until(20_000, media=(0,)).seen == []


def talking_inline(limits: Timeouts = LIMITS) -> Scene:
    """An inline call of which both sides are heard for 50 s; what is played to one is no side."""
    scene = Scene(limits)
    played = msgspec.structs.replace(a_stream(2), is_relayed=True, is_played=True)
    relayed = (msgspec.structs.replace(a_stream(side), is_relayed=True) for side in (0, 1))
    scene.changed(streams=(*relayed, played), pairs=(0, 1, 2, 3))
    return scene.until(50, media=(0, 1))


def test_a_side_of_an_inline_call_is_asked_while_the_other_one_talks() -> None:
    """A PBX that was killed left the caller in dead air until somebody hung up."""
    scene = talking_inline().until(85, media=(0,))

    assert (scene.seen, scene.sides) == ([(80, "probe")], [(1,)])


def test_who_just_listens_is_asked_ever_more_seldom() -> None:
    """Each time after twice as long a silence: a telephone may send nothing while nobody speaks."""
    scene = talking_inline().until(50 + 1_000, media=(0,))

    assert [at_s for at_s, _ in scene.seen] == [80, 110, 170, 290, 530, 1_010]


def test_a_fax_beside_speech_is_heard_too() -> None:
    """Every other pair is of one side."""
    assert talking_inline().until(1_000, media=(0, 3)).seen == []


def test_while_one_side_holds_the_other_nobody_is_asked_for_his_silence_alone() -> None:
    """Who is held says nothing."""
    scene = talking_inline()
    assert scene.session is not None
    first, second, played = scene.session.streams
    held = msgspec.structs.replace(second, is_held=True)
    scene.changed(streams=(first, held, played))

    assert scene.until(1_000, media=(0,)).seen == []


def test_a_side_that_could_not_be_reached_is_asked_again() -> None:
    """While the other one talks on."""
    scene = talking_inline().until(300, media=(0,))
    asked = len(scene.seen)
    scene.lives(ask_again_us=scene.now_us + 30 * SECOND_US)
    scene.until(380, media=(0,))

    assert scene.sides[asked:] == [(1,)]


def test_a_side_of_a_recording_session_may_be_silent_for_ever() -> None:
    """Its peer is the recording client, which speaks for both."""
    assert Scene().until(1_000, media=(0,)).seen == []


def test_who_is_taken_off_hold_is_given_the_whole_time_again() -> None:
    """His last packet is older than the time-out, and the next is on its way."""
    scene = Scene().until(50, media=(0,))
    scene.lives(held_since_us=scene.now_us)
    scene.until(1_000)
    scene.lives(held_since_us=0, resumed_us=scene.now_us)

    assert scene.until(1_060).seen == []
    assert scene.until(2_000).seen == [(1_100, "probe"), (1_300, "media_timeout")]


def test_a_call_that_is_held_again_and_again_is_looked_at_each_time() -> None:
    """The watch has put off its next look to the end of the hold."""
    scene = Scene()
    for at_s in range(100, 1_000, 100):
        scene.lives(held_since_us=0, resumed_us=scene.now_us)
        scene.until(at_s - 50, media=(0,))
        scene.lives(held_since_us=scene.now_us)
        scene.until(at_s)
    scene.lives(held_since_us=0, resumed_us=scene.now_us)

    assert scene.until(2_000).seen == [(1_000, "probe"), (1_200, "media_timeout")]


@pytest.mark.parametrize("held_since_us", [0, START_US + 40_000 * SECOND_US])
def test_no_call_is_longer_than_the_longest(held_since_us: int) -> None:
    """Also with media, and on hold."""
    scene = Scene()
    scene.lives(held_since_us=held_since_us)

    assert scene.until(50_000, media=(0, 1)).seen == [(43_200, "max_length")]


def test_a_call_that_is_over_is_forgotten() -> None:
    """Nothing is left of it, however many there are in a year."""
    scene = Scene().until(10)
    assert scene.session is not None
    scene.session = ended(scene.session)
    scene.until(1_000)

    assert scene.seen == []
    assert (scene.watch._due, scene.watch._watched) == ([], set())


def test_a_call_that_is_seen_twice_is_looked_at_once() -> None:
    """After a restart it is both taken over and new."""
    scene = Scene()
    assert scene.session is not None
    scene.watch.see(scene.session)

    assert scene.until(1_000).seen == [(100, "probe"), (300, "media_timeout")]


def test_a_call_without_a_stream_is_silent() -> None:
    """A recording session that waits for a call; nothing shows that its client is still there."""
    scene = Scene()
    scene.changed(streams=(), pairs=())

    assert scene.until(1_000).seen[-1] == (300, "media_timeout")


def test_what_goes_beside_speech_is_life_as_well() -> None:
    """A fax has no stream of its own, and takes longer than a silence may."""
    scene = Scene()
    scene.changed(pairs=(0, 1, 2, 3))

    assert scene.until(2_000, media=(3,)).seen == []


def test_between_two_calls_a_persistent_session_may_be_silent_as_long_as_a_hold() -> None:
    """RFC 7866 §10: nobody speaks, and nobody is meant to."""
    scene = Scene()
    assert scene.session is not None
    waiting = [msgspec.structs.replace(each, waits=True) for each in scene.session.recordings]
    scene.changed(recordings=tuple(waiting))

    assert scene.until(20_000).seen == [(100, "probe"), (7_200, "hold_timeout")]


@given(st.lists(st.tuples(st.integers(1, 400), st.booleans()), max_size=6))
def test_a_call_ends_by_silence_exactly_when_it_is_silent(spans: list[tuple[int, bool]]) -> None:
    """Whatever came before, never early and never more than a tick late."""
    scene, at_s, last_s = Scene(), 0, 0
    for length_s, talks in spans:
        if scene.session is None:
            break
        at_s += length_s
        scene.until(at_s, media=(0,) if talks else ())
        last_s = at_s if talks and scene.session is not None else last_s
    scene.until(at_s + 1_000)

    assert scene.seen[-1] == (last_s + 300, "media_timeout")
    assert all(first[0] <= second[0] for first, second in pairwise(scene.seen))
