"""What ends a call that nobody hangs up: silence, a hold without end, the longest length.

Pure: looks at sessions and at the last arrivals on all of their ports, also of what goes beside
speech (a fax). Knows nothing of sockets.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from archive.call.events import EndReason
from capture.recording.session import RecordingSession

# A third of the timeout without media: ask the peer whether the dialog still is.
_PROBE_SHARE: Final = 3
# One side of an inline call that says nothing while the other one talks: both would wait for the
# whole call's time-out, and whoever is left would hear nothing at all. A pause in what is said is
# seldom as long where a telephone sends nothing meanwhile.
ONE_SIDED_US: Final = 30_000_000
_LOOK_NEXT_US: Final = 500_000
_LOOK_AGAIN_US: Final = 30_000_000
MAX_ABSENCES: Final = 1_000  # of a worker; its oldest two become one


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds without media, on hold, and of the longest call."""

    media_s: int
    hold_s: int
    longest_s: int


@dataclass(frozen=True, slots=True)
class Probe:
    """Ask the peers of this session; of an inline call these sides alone, where there are some."""

    session: RecordingSession
    sides: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Over:
    """End this session."""

    session: RecordingSession
    reason: EndReason


TimeoutVerdict = Probe | Over


class Absences:
    """When workers were away: what their calls sent meanwhile nobody heard."""

    def __init__(self) -> None:
        self._spans: dict[int, list[tuple[int, int]]] = {}
        self._away: frozenset[int] = frozenset()

    def note(self, workers: Iterable[int], now_us: int) -> None:
        """These are away now, and were since the last note where that named them."""
        now_away = frozenset(workers)
        for worker in now_away:
            spans = self._spans.setdefault(worker, [])
            began_us = spans.pop()[0] if worker in self._away and spans else now_us
            spans.append((began_us, now_us))
            if len(spans) > MAX_ABSENCES:
                spans[:2] = [(spans[0][0], spans[1][1])]
        self._away = now_away

    def clock_stepped(self) -> None:
        """Moments of before say nothing any more."""
        self._spans.clear()

    def since(self, worker: int, last_us: int) -> int:
        """How many µs after that moment a worker was away."""
        away_us = 0
        for began_us, ended_us in reversed(self._spans.get(worker, ())):
            if ended_us <= last_us:
                break
            away_us += ended_us - max(began_us, last_us)
        return away_us


class SessionTimeouts:
    """Looks at each session when it could be due, not at all of them all the time."""

    def __init__(self, timeouts: Timeouts, last_arrival_us: Callable[[int], int]) -> None:
        self._timeouts, self._last_arrival_us = timeouts, last_arrival_us
        self.absences = Absences()
        self._due: list[tuple[int, bytes]] = []
        self._watched: set[bytes] = set()

    def see(self, session: RecordingSession) -> None:
        """A session is up; look at it when its silence could be too long."""
        if session.key not in self._watched:
            self._watched.add(session.key)
            first_us = min(self._next_look_us(session), session.created_us + _LOOK_AGAIN_US)
            heapq.heappush(self._due, (first_us, session.key))

    def due(
        self, now_us: int, find: Callable[[bytes], RecordingSession | None]
    ) -> Iterator[TimeoutVerdict]:
        """What is to be done now; sessions that are over are forgotten."""
        while self._due and self._due[0][0] <= now_us:
            _, key = heapq.heappop(self._due)
            session = find(key)
            if session is None or session.ended is not None:
                self._watched.discard(key)
                continue
            verdict = self.judge(session, now_us)
            if verdict is not None:
                yield verdict
            # A session may be resumed or held at any time: its next look is never far away.
            soon_us = min(self._next_look_us(session), now_us + _LOOK_AGAIN_US)
            heapq.heappush(self._due, (max(soon_us, now_us + _LOOK_NEXT_US), key))

    def judge(self, session: RecordingSession, now_us: int) -> TimeoutVerdict | None:
        """The end or the probe that a session has earned by now."""
        if now_us - session.created_us >= self._timeouts.longest_s * 1_000_000:
            return Over(session, "max_length")
        if session.liveness.held_since_us:
            held_us = now_us - session.liveness.held_since_us
            too_long = held_us >= self._timeouts.hold_s * 1_000_000
            return Over(session, "hold_timeout") if too_long else None
        last_us = self._last_media_us(session)
        if now_us - last_us >= self._patience_us(session):
            waits = session.is_half_held or not session.has_call
            return Over(session, "hold_timeout" if waits else "media_timeout")
        if now_us - last_us < self._probe_us:
            silent = tuple(self._silent_sides(session, now_us))
            return Probe(session, silent) if silent else None
        is_asked_again = 0 < session.liveness.ask_again_us <= now_us
        return Probe(session) if is_asked_again or session.liveness.probed_at_us < last_us else None

    def _silent_sides(self, session: RecordingSession, now_us: int) -> Iterator[int]:
        """Who is to be asked although the other one talks."""
        is_asked_again = 0 < session.liveness.ask_again_us <= now_us
        for side, last_us in self._sides(session):
            is_silent = now_us - last_us >= ONE_SIDED_US
            if is_silent and (is_asked_again or now_us >= _ask_us(session, last_us)):
                yield side

    def _sides(self, session: RecordingSession) -> Iterator[tuple[int, int]]:
        """The sides of an inline call, and when each was heard last; none while one holds."""
        if session.is_half_held:
            return
        for stream in session.streams:
            if stream.is_relayed and not stream.is_played:
                own = session.pairs[stream.position :: 2]
                yield stream.position, self._last_heard_us(session, own)

    def _patience_us(self, session: RecordingSession) -> int:
        """How long it may be silent; between the calls of a persistent session as in a hold."""
        talks = session.has_call and not session.is_half_held
        limit_s = self._timeouts.media_s if talks else self._timeouts.hold_s
        return limit_s * 1_000_000

    @property
    def _probe_us(self) -> int:
        return self._timeouts.media_s * 1_000_000 // _PROBE_SHARE

    def _last_media_us(self, session: RecordingSession) -> int:
        return self._last_heard_us(session, session.pairs)

    def _last_heard_us(self, session: RecordingSession, pairs: Iterable[int]) -> int:
        """As if what could not be heard had not been."""
        arrivals = (self._last_arrival_us(pair) for pair in pairs)
        # Who is taken off hold has as long as at the beginning.
        last_us = max(session.created_us, session.liveness.resumed_us, *arrivals)
        return last_us + self.absences.since(session.worker, last_us)

    def _next_look_us(self, session: RecordingSession) -> int:
        longest_us = session.created_us + self._timeouts.longest_s * 1_000_000
        if session.liveness.held_since_us:
            return min(
                longest_us, session.liveness.held_since_us + self._timeouts.hold_s * 1_000_000
            )
        last_us = self._last_media_us(session)
        probed = session.liveness.probed_at_us >= last_us
        silence_us = self._patience_us(session) if probed else self._probe_us
        asked_us = (_ask_us(session, each_us) for _, each_us in self._sides(session))
        return min(longest_us, last_us + silence_us, *asked_us)


def _ask_us(session: RecordingSession, last_us: int) -> int:
    """When a side that was heard last then is asked: each time after twice as long a silence.

    Who just listens is not asked all the time.
    """
    asked_us = session.liveness.probed_at_us - last_us
    return last_us + (2 * asked_us if asked_us > 0 else ONE_SIDED_US)
