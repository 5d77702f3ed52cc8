"""The recording sessions that a node has, by key, recording and dialog, and which of them changed.

A store of values. Knows nothing of what they mean.
"""

from collections.abc import Iterable, Iterator

import msgspec

from capture.recording.session import RecordingSession
from capture.sip.identity import DialogId


class Sessions:
    """Sessions from their INVITE until their worker has closed their last recording."""

    def __init__(self) -> None:
        self._sessions: dict[bytes, RecordingSession] = {}
        self._of_dialog: dict[DialogId, bytes] = {}
        self._of_recording: dict[bytes, bytes] = {}
        self._of_pair: dict[int, bytes] = {}
        self._changed: set[bytes] = set()
        self._paused: set[bytes] = set()
        self._fresh: list[RecordingSession] = []

    def __len__(self) -> int:
        return len(self._sessions)

    def __iter__(self) -> Iterator[RecordingSession]:
        return iter(list(self._sessions.values()))

    @property
    def live(self) -> int:
        """How many calls are up."""
        return len(self._of_dialog)

    def get(self, key: bytes) -> RecordingSession | None:
        return self._sessions.get(key)

    def of_recording(self, recording: bytes) -> RecordingSession | None:
        key = self._of_recording.get(recording)
        return None if key is None else self._sessions[key]

    @property
    def pairs(self) -> Iterable[int]:
        """The port pairs of the streams that are up."""
        return self._of_pair.keys()

    def of_pair(self, pair: int) -> RecordingSession | None:
        """The live session with a stream on this pair."""
        key = self._of_pair.get(pair)
        return None if key is None else self._sessions[key]

    @property
    def paused(self) -> list[RecordingSession]:
        return [self._sessions[key] for key in self._paused]

    def of_dialog(self, dialog: DialogId | None) -> RecordingSession | None:
        key = self._of_dialog.get(dialog) if dialog is not None else None
        return None if key is None else self._sessions[key]

    def of_worker(self, worker: int) -> list[RecordingSession]:
        """Live and closing sessions of one worker."""
        return [session for session in self._sessions.values() if session.worker == worker]

    def keep(self, session: RecordingSession) -> None:
        """Put the next value of a session in the place of the last."""
        if session.key not in self._sessions:
            self._fresh.append(session)
        self._sessions[session.key] = session
        self._of_recording.update({each.recording: session.key for each in session.recordings})
        self._keep_pairs(session)
        if session.ended is None:
            self._of_dialog[session.dialog] = session.key
        else:
            self._of_dialog.pop(session.dialog, None)
        if any(each.pause is not None for each in session.live):
            self._paused.add(session.key)
        else:
            self._paused.discard(session.key)
        self._changed.add(session.key)

    def _keep_pairs(self, session: RecordingSession) -> None:
        for pair in session.pairs:
            self._of_pair.pop(pair, None)
        if session.ended is None:
            self._of_pair.update(
                dict.fromkeys((each.pair for each in session.streams), session.key)
            )

    def closed(self, recording: bytes) -> RecordingSession | None:
        """Forget a recording; the session too, and give it back, where it ended with this one."""
        key = self._of_recording.pop(recording, None)
        if key is None:
            return None
        session = self._sessions[key]
        left = tuple(each for each in session.recordings if each.recording != recording)
        self._sessions[key] = msgspec.structs.replace(session, recordings=left)
        self._changed.add(key)
        if left or session.ended is None:
            return None
        return self._sessions.pop(key)

    def drop(self, key: bytes) -> RecordingSession | None:
        """Forget a session that has no recording."""
        session = self._sessions.pop(key, None)
        if session is not None:
            self._of_dialog.pop(session.dialog, None)
            for pair in session.pairs:
                self._of_pair.pop(pair, None)
            self._changed.add(key)
        return session

    def take_fresh(self) -> list[RecordingSession]:
        """Sessions that began since the last call."""
        fresh, self._fresh = self._fresh, []
        return fresh

    def take_changed(self) -> dict[bytes, bytes | None]:
        """What changed since the last call: key → state, None = gone."""
        changed = {
            key: msgspec.msgpack.encode(self._sessions[key]) if key in self._sessions else None
            for key in self._changed
        }
        self._changed.clear()
        return changed

    def restore(self, values: Iterable[bytes]) -> list[RecordingSession]:
        """Take over the sessions of a predecessor; raises `msgspec.MsgspecError`."""
        sessions = [msgspec.msgpack.decode(value, type=RecordingSession) for value in values]
        for session in sessions:
            self.keep(session)
        self._changed.clear()
        return sessions
