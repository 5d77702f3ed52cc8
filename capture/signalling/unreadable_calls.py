"""Calls whose state was kept by another version: recorded on by their workers until silent.

Pure: looks at the last arrivals on their ports. Knows nothing of SIP; their dialogs are lost.
"""

from collections.abc import Callable, Iterable, Iterator

from archive.call.events import EndReason
from capture.holder.state_record import Essentials, StateRecord
from capture.links.recorder_messages import Close
from capture.recording.session_timeouts import Absences, Timeouts


class UnreadableCalls:
    """Sessions that we cannot read; what they are recorded on stays theirs while media comes.

    Their values stay in the holder's memory as long as one of them goes on, so that the version
    that can read them may be started again and find all of them.
    """

    def __init__(
        self, timeouts: Timeouts, last_arrival_us: Callable[[int], int], absences: Absences
    ) -> None:
        self._timeouts, self._last_arrival_us = timeouts, last_arrival_us
        self._absences = absences
        self._sessions: dict[bytes, Essentials] = {}
        self._closing: dict[bytes, Close] = {}
        self._marks: list[bytes] = []
        self._since_us = 0

    def __len__(self) -> int:
        return len(self._sessions)

    def take(self, unread: Iterable[tuple[bytes, StateRecord]], now_us: int) -> None:
        """Watch over what could not be taken over; silence counts from now on."""
        self._since_us = now_us
        for mark, kept in unread:
            self._marks.append(mark)
            if kept.essentials is not None:
                recordings = (kept.essentials.recording, *kept.essentials.others)
                self._sessions.update(dict.fromkeys(filter(None, recordings), kept.essentials))

    def pairs(self) -> Iterator[int]:
        """The port pairs that must go to nobody else."""
        for session in self._sessions.values():
            yield from session.pairs

    def clock_stepped(self, now_us: int) -> None:
        """What arrived before the step says nothing of silence."""
        self._since_us = now_us

    def over(self, now_us: int) -> list[tuple[Essentials, Close]]:
        """Those that are over by now, each once, and what their worker is to be told."""
        found = []
        for recording, session in self._sessions.items():
            reason = None if recording in self._closing else self._reason(session, now_us)
            if reason is not None:
                close = Close(recording=recording, reason=reason, at_us=now_us)
                self._closing[recording] = close
                found.append((session, close))
        return found

    def _reason(self, session: Essentials, now_us: int) -> EndReason | None:
        arrivals = (self._last_arrival_us(pair) for pair in session.pairs)
        last_us = max([self._since_us, *arrivals])
        unheard_us = self._absences.since(session.worker, last_us)
        if now_us - last_us - unheard_us >= self._timeouts.media_s * 1_000_000:
            return "media_timeout"
        too_long = now_us - session.created_us >= self._timeouts.longest_s * 1_000_000
        return "max_length" if too_long else None

    def commands_for(self, worker: int) -> list[Close]:
        """What a worker that comes back must hear again."""
        mine = (self._sessions[recording].worker == worker for recording in self._closing)
        return [
            close for close, is_mine in zip(self._closing.values(), mine, strict=True) if is_mine
        ]

    def closed(self, recording: bytes) -> Essentials | None:
        """A worker has ended a recording; its session, where this was the last one of it."""
        self._closing.pop(recording, None)
        session = self._sessions.pop(recording, None)
        return None if session in self._sessions.values() else session

    def take_marks(self) -> list[bytes]:
        """The values that nobody needs any more: all of them, once none of these goes on."""
        if self._sessions:
            return []
        marks, self._marks = self._marks, []
        return marks
