"""The two front doors: which events are about recording sessions, and which about inline calls.

Knows what tells them apart, nothing of what either makes of an event (docs/inline.md).
"""

from collections.abc import Iterable

from archive.call.events import EndReason, RecordingStarted, RecordingStopped
from archive.call.live import Why
from capture.errors import PeerBrokeProtocol
from capture.inline.call_setup import calls_for_help
from capture.inline.forwarded_requests import answered_late
from capture.inline.server import InlineServer
from capture.inline.target_monitor import TargetMonitor
from capture.links.relay_messages import Side
from capture.metadata.message_bodies import bodies_of
from capture.peers.sources import Source
from capture.recording.foreign_requests import heard_from
from capture.recording.outputs import Find, Now, Output
from capture.recording.pause_control import ControlRefused
from capture.recording.session import RecordingSession
from capture.recording.session_timeouts import Probe, TimeoutVerdict
from capture.recording.stop_control import stop
from capture.sip.events import AckMissing, Event, InviteReceived, OutsiderHeard, ResponseReceived
from capture.sip.flow import Address, Flow
from capture.sip.identity import DialogId
from capture.sip.message import Request
from capture.sip.owner import DialogAccess
from capture.siprec.recording_request import is_recording_session
from capture.siprec.server import RecordingServer


class EventDispatch:
    """Both servers behind one port."""

    def __init__(self, recording: RecordingServer, inline: InlineServer) -> None:
        self.recording, self.inline = recording, inline
        self.targets = TargetMonitor(inline.exchange)
        self.node = recording.node
        self.node.sip.use_crowding(self._is_crowded)

    def handle(self, event: Event, now: Now) -> list[Output]:
        """React to one event of the SIP layer."""
        if isinstance(event, InviteReceived):
            return self._invited(event, now)
        if isinstance(event, OutsiderHeard):
            return self._outsider(event, now)
        if self.inline.has(event):
            return self.inline.handle(event, now)
        if self.targets.has(event):
            return self.targets.handle(event, now)
        if isinstance(event, ResponseReceived) and not self._is_recorded(event.dialog):
            return answered_late(self.inline.exchange, event, now)
        return self.recording.handle(event, now)

    def _outsider(self, event: OutsiderHeard, now: Now) -> list[Output]:
        """Somebody speaks in a dialog that is not his: counted, and where it counts flagged."""
        name = self.node.peers.name_at(event.flow)
        self.node.peers.outsiders[name, event.access.value] += 1
        if event.access is DialogAccess.STRANGER:
            self.node.peers.watch.intruded(name, now.us)
        name = name or event.flow.remote.host
        found = self.inline.calls.of_dialog(event.dialog)
        sessions = self.node.sessions
        session = sessions.of_dialog(event.dialog) if found is None else sessions.get(found[0].key)
        return [] if session is None else heard_from(self.node, session, event, name, now)

    def _is_recorded(self, dialog: DialogId) -> bool:
        return self.recording.sessions.of_dialog(dialog) is not None

    def may_speak(self, host: str) -> bool:
        """Is it, although no source, somebody that inline calls or our questions go to?"""
        is_called = self.node.sip.has_peer(host)
        return is_called or self.inline.may_speak(host) or self.targets.has_host(host)

    def tick(self, now: Now) -> list[Output]:
        """Twice a second: who rings for too long, and which targets live."""
        outputs = [*self._see_unheard(now), *self.targets.tick(now)]
        self.inline.exchange.notes.down = self.targets.down
        return [*outputs, *self.inline.tick(now)]

    def _is_crowded(self, request: Request, flow: Flow, now_s: float) -> bool:
        """Has who calls too many calls of which nothing is heard? A call for help passes."""
        source = self.node.peers.source_at(flow)
        if source is None or not self.node.capacity.unheard.is_full(source, now_s):
            return False
        is_routed = self.inline.is_open
        return not (is_routed and calls_for_help(self.inline.exchange, request, source))

    def _see_unheard(self, now: Now) -> list[Output]:
        """Media is as good as an ACK. Where a source has no room left for other calls, those of
        which nothing is heard end as those whose ACK has not come in 32 s.
        """
        unheard, outputs = self.node.capacity.unheard, list[Output]()
        for dialog, at_s in unheard:
            since_us = now.us - int((now.s - at_s) * 1e6)
            if self.node.capacity.is_heard(self._pairs(dialog), since_us):
                unheard.heard(dialog)
        for dialog in unheard.given_up(self.node.peers.sources.named, now.s):
            unheard.heard(dialog)
            outputs += self.handle(AckMissing(dialog=dialog, is_first=True), now)
        return outputs

    def _pairs(self, dialog: DialogId) -> tuple[int, ...]:
        """Where media of a dialog's peer arrives."""
        found = self.inline.calls.of_dialog(dialog)
        if found is not None:
            return (found[0].call.end(found[1]).pair,)
        session = self.recording.sessions.of_dialog(dialog)
        return () if session is None else session.pairs

    def end_all(self, reason: EndReason, now: Now) -> list[Output]:
        """The node stops: registrars are told that it takes no calls any more, each call ends."""
        todo = self.targets.leave(now)
        for session in self.recording.sessions:
            todo += self.end(session, reason, now)
        return todo

    @property
    def is_leaving(self) -> bool:
        """Is such a word still to be answered?"""
        return self.targets.is_leaving

    def found(self, wanted: Find, places: list[tuple[str, Address]], now: Now) -> list[Output]:
        """A name was looked up, or could not be."""
        if self.targets.is_ours(wanted.key):
            self.targets.found(wanted.key, places, now)
            return []
        return self.inline.driver.found(wanted.key, wanted.uri, places, now)

    def end(self, session: RecordingSession, reason: EndReason, now: Now) -> list[Output]:
        """We end a call; its peers are told."""
        if session.call.mode == "inline":
            return self.inline.end(session.dialog, reason, now)
        return self.recording.end(session.dialog, reason, now, say_bye=True)

    def unkept(self, recording: bytes, now: Now) -> list[Output]:
        """Nothing takes what comes for a recording; an inline call's route may end it for that."""
        session = self.recording.sessions.of_recording(recording)
        if session is None or session.call.mode != "inline":
            return []
        return self.inline.unkept(session.dialog, now)

    def probe(self, session: RecordingSession, now: Now, sides: Iterable[int] = ()) -> list[Output]:
        """Nothing has arrived for a while, or nothing of these sides: ask whether the call is."""
        if session.call.mode == "inline":
            return self.inline.probe(session.dialog, now, tuple(map(Side, sides)))
        return self.recording.probe(session.dialog, now)

    def judged(self, verdict: TimeoutVerdict, now: Now) -> list[Output]:
        """What comes of a call that nobody hangs up: its peers are asked, or it ends."""
        if isinstance(verdict, Probe):
            return self.probe(verdict.session, now, verdict.sides)
        return self.end(verdict.session, verdict.reason, now)

    def start(self, session: RecordingSession, said: RecordingStarted, now: Now) -> list[Output]:
        """Recording is begun by hand of a call that has none; raises `ControlRefused`."""
        if session.call.mode == "inline":
            return self.inline.start(session.key, said, now)
        raise ControlRefused(Why.ALREADY_RECORDED)

    def stop(
        self, session: RecordingSession, recording: bytes, said: RecordingStopped, now: Now
    ) -> list[Output]:
        """A recording is ended by hand, its call goes on; raises `ControlRefused`."""
        if session.call.mode == "inline":
            return self.inline.stop(session.key, said, now)
        return stop(self.recording.node, session, recording, said)

    def _invited(self, event: InviteReceived, now: Now) -> list[Output]:
        source = self.recording.node.peers.source_at(event.flow)
        if source is None or not self.inline.is_open or _records(event, source):
            return self.recording.handle(event, now)
        return self.inline.invited(event, source, now)


def _records(event: InviteReceived, source: Source) -> bool:
    """Is it a recording session? What cannot be read is answered by its door."""
    try:
        return is_recording_session(event.request, bodies_of(event.request), source)
    except PeerBrokeProtocol:
        return True
