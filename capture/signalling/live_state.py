"""What signalling keeps in the holder's memory of its calls, and takes over from a predecessor.

Knows which state is whose, not what it means.
"""

import structlog

from capture.holder.state_record import Essentials, Kind, StateStore
from capture.inline.server import InlineServer
from capture.links.recorder_messages import Closed, Command
from capture.recording.outputs import Deafen, Now, Output, ToWorker
from capture.recording.session import RecordingSession
from capture.signalling.unreadable_calls import UnreadableCalls
from capture.sip.user_agent import SipCore
from capture.siprec.server import RecordingServer

log = structlog.get_logger("capture.signalling")


class LiveState:
    """The calls of this version in the store, and those of another one, which it cannot read."""

    def __init__(
        self,
        store: StateStore,
        sip: SipCore,
        server: RecordingServer,
        inline: InlineServer,
        unreadable: UnreadableCalls,
    ) -> None:
        self._store, self._sip, self._server = store, sip, server
        self._inline, self.unreadable = inline, unreadable

    def take_over(self, now_us: int) -> None:
        """Go on with a predecessor's calls; their ports are taken."""
        takers = {
            Kind.CALL: self._sip.restore,
            Kind.SESSION: self._server.restore,
            Kind.INLINE: self._inline.restore,
        }
        unread = self._store.take_over(takers)
        self.unreadable.take(unread, now_us)
        for pair in self.unreadable.pairs():
            self._server.node.capacity.ports.take_here(pair)
        if len(self._server.sessions):
            log.warning("live calls taken over", calls=len(self._server.sessions))
        if unread:
            log.error(
                "calls of another version are recorded on until they are silent",
                calls=len(self.unreadable),
                versions=sorted({kept.version for _, kept in unread}),
            )

    def persist(self) -> None:
        """Keep what changed, before a byte of it leaves."""
        for call_id, call in self._sip.take_changed().items():
            self._store.keep_call(call_id, call)
        for key, state in self._server.sessions.take_changed().items():
            session = self._server.sessions.get(key)
            kept = None if not (session and state) else (_essentials(session), state)
            self._store.keep_session(key, kept)

        for key, state in self._inline.calls.take_changed().items():
            self._store.keep_inline(key, state)

    def commands_for(self, worker: int) -> list[Command]:
        """Everything a worker must know."""
        return [*self._server.commands_for(worker), *self.unreadable.commands_for(worker)]

    def closed(self, told: Closed, now: Now) -> None:
        """The worker has ended a recording, whichever version began it."""
        self._server.closed(told, now)
        if (session := self.unreadable.closed(told.recording)) is not None:
            self._server.node.capacity.ports.give_back(session.pairs, now.us)

    def end_unreadable(self, now: Now) -> list[Output]:
        """Calls of another version that are silent by now, and the memory of those before them."""
        self._store.forget(self.unreadable.take_marks())
        todo: list[Output] = []
        for session, close in self.unreadable.over(now.us):
            todo += [Deafen(session.pairs), ToWorker(session.worker, close)]
        return todo


def _essentials(session: RecordingSession) -> Essentials:
    first, *others = [each.recording for each in session.recordings] or [b""]
    return Essentials(
        recording=first,
        others=tuple(others),
        worker=session.worker,
        pairs=session.pairs,
        created_us=session.created_us,
    )


def pairs_heard(session: RecordingSession) -> set[int]:
    """On which pairs a session is heard: all of an inline call's, else those of its streams."""
    if session.call.mode == "inline":
        return {*session.pairs}
    return {stream.pair for stream in session.streams}
