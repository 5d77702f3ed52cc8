"""The recording server: SIP events in, answers and recorder commands out (RFC 7866).

All recording sessions of a node as values, fed by `SipCore`'s events. No sockets, no clock; what
must be done to ports and workers is a command to the shell.
"""

from collections import deque
from collections.abc import Iterable
from typing import Final

import msgspec

from archive.call.events import EndReason
from capture.links.recorder_messages import Closed, Command, SenderAside, SenderHeard, Unproved
from capture.recording.call_refusal import broken_by_peer, refused_by_sip
from capture.recording.node_context import NodeContext, read_as_meant
from capture.recording.outputs import Now, Output
from capture.recording.pause_control import asked_by_header
from capture.recording.session import SessionFull
from capture.recording.session_end import end, probe, probe_failed, unreached
from capture.recording.srtp_policy import doubted
from capture.recording.worker_commands import close_of, record_of
from capture.sip.events import (
    AckMissing,
    AckReceived,
    ByeReceived,
    CancelReceived,
    Event as SipEvent,
    InviteReceived,
    MalformedReceived,
    OptionsReceived,
    PrackReceived,
    RefreshDue,
    RefreshMissed,
    ReinviteReceived,
    RequestReceived,
    RequestRefused,
    ResponseReceived,
    TransactionTimedOut,
    UpdateReceived,
)
from capture.sip.identity import DialogId
from capture.siprec.client_requests import answered, refreshed, snapshot_asked, unanswered
from capture.siprec.media_senders import sender_told
from capture.siprec.session_change import acknowledged, reinvited
from capture.siprec.session_setup import asked, informed, invited
from capture.siprec.silent_call import nothing_kept

# Clients asked in one tick of half a second: thousands of answers at once would be a flood.
ASKED_AT_ONCE: Final = 20
_MISSING_DIALOG: Final = frozenset({408, 481})


class RecordingServer:
    """Every recording session of the node."""

    def __init__(self, node: NodeContext) -> None:
        self.node, self.sessions = node, node.sessions
        self._unsure: deque[bytes] = deque()

    def commands_for(self, worker: int) -> list[Command]:
        """Everything that a worker must know, from the beginning: records, then ends."""
        records: list[Command] = []
        ended: list[Command] = []
        for session in self.sessions.of_worker(worker):
            source = self.node.source_of(session)
            records += [record_of(session, each, source) for each in session.recordings]
            ended += [close_of(each) for each in session.recordings if each.ended is not None]
        return [*records, *ended]

    def restore(self, values: Iterable[bytes]) -> None:
        """Go on with the sessions of a predecessor."""
        for session in self.sessions.restore(values):
            self._unsure.append(session.key)
            for pair in session.pairs:
                self.node.capacity.ports.take_here(pair)

    def closed(self, told: Closed, now: Now) -> None:
        """The worker has ended a recording; with a session's last one its ports may rest."""
        if told.is_silent:
            nothing_kept(self.node, told.recording)
        session = self.sessions.closed(told.recording)
        if session is not None:
            self.node.capacity.ports.give_back(session.pairs, now.us)

    def clock_stepped(self, now: Now) -> None:
        """What arrived before the step says nothing of silence: each call has its time again."""
        for session in self.sessions:
            if session.ended is None:
                self.sessions.keep(session.with_liveness(session.liveness.resumed(now.us)))

    def part_begins(self, recording: bytes, part: int) -> None:
        """The worker uses a number up; its successor must not use it again."""
        session = self.sessions.of_recording(recording)
        known = None if session is None else session.recording(recording)
        if session is not None and known is not None and part >= known.next_part:
            later = msgspec.structs.replace(known, next_part=part + 1)
            self.sessions.keep(session.with_recording(later))

    def refused(self, event: RequestRefused, now: Now) -> None:
        """A request was answered without asking us; where it was to begin a call, it was one."""
        refused_by_sip(self.node, event, now)

    def malformed(self, event: MalformedReceived, now: Now) -> None:
        """What came cannot be read; where it was to begin a call, it was one."""
        broken_by_peer(self.node, event, now)

    def ledger_pages(self, now: Now) -> list[Output]:
        """The calls that were turned away, as a recording without streams."""
        workers = self.node.capacity.vacancy.workers or (0,)
        take = self.node.ladder.take
        pages = self.node.ledger.pages(workers[0], self.node.fresh.recording_id, take, now.us)
        return [output for page in pages for output in self.node.noted(page)]

    def settle_ladders(self) -> list[Output]:
        """What was said since the last change goes into the recordings; of strangers, nowhere.

        Of calls that were turned away it goes into their page.
        """
        outputs: list[Output] = []
        waiting = set(self.node.ladder.calls())
        for session in self.sessions if waiting else ():
            own = {session.dialog.call_id, *session.messages.call_ids} & waiting
            if own and session.ended is None:
                outputs += self.node.noted(session)
                waiting -= own
        for call_id in waiting - self.node.ledger.call_ids:
            self.node.ladder.forget(call_id)
        return outputs

    def unproved(self, recording: bytes, stream: int, now: Now) -> list[Output]:
        """A stream's packets are not sealed with the keys that we were told: say so once."""
        session = self.sessions.of_recording(recording)
        if session is None:
            return []
        try:
            return self.node.noted(doubted(session, recording, stream, now))
        except SessionFull:
            return []

    def stream_said(self, said: Unproved | SenderHeard | SenderAside, now: Now) -> list[Output]:
        """What a worker has seen of a stream's packets: their keys do not fit, or who sends."""
        if isinstance(said, Unproved):
            return self.unproved(said.recording, said.stream, now)
        session = self.sessions.of_recording(said.recording)
        if session is None:
            return []
        try:
            return self.node.noted(sender_told(session, said, now.us))
        except SessionFull:
            return []

    # -- events ---------------------------------------------------------------------------------

    def handle(self, event: SipEvent, now: Now) -> list[Output]:
        """React to one event of the SIP layer."""
        session = self.sessions.of_dialog(getattr(event, "dialog", None))
        noted = read_as_meant(self.node, session, event, now)
        return [*noted, *self._handle(event, now)]

    def _handle(self, event: SipEvent, now: Now) -> list[Output]:
        match event:
            case InviteReceived():
                return invited(self.node, event, now)
            case ReinviteReceived() | UpdateReceived() | PrackReceived():
                outputs = reinvited(self.node, event, now)
                if not isinstance(event, PrackReceived):
                    outputs += asked_by_header(self.node, event, now)
                return [*outputs, *self._ask_more(event.dialog, now)]
            case AckReceived() | AckMissing():
                outputs = acknowledged(self.node, event, now)
                return [*outputs, *self._ask_more(event.dialog, now)]
            case OptionsReceived():
                return asked(self.node, event, now)
            case RequestReceived():
                return informed(self.node, event, now)
            case _:
                return self._heard(event, now)

    def _heard(self, event: SipEvent, now: Now) -> list[Output]:
        """What concerns requests of ours, or ends a call."""
        match event:
            case RefreshDue():
                return refreshed(self.node, event, now)
            case RefreshMissed():
                return []
            case ResponseReceived() if event.method == b"INVITE":
                return answered(self.node, event, now)
            case _:
                return self._maybe_over(event, now)

    def _ask_more(self, dialog: DialogId, now: Now) -> list[Output]:
        session = self.sessions.of_dialog(dialog)
        return [] if session is None else snapshot_asked(self.node, session, now)

    def ask_again(self, now: Now) -> list[Output]:
        """Some of the clients that a predecessor spoke to are asked to tell everything again.

        Whatever it knew is known to us; what it was told in its last moment may not be.
        """
        outputs: list[Output] = []
        for _ in range(min(len(self._unsure), ASKED_AT_ONCE)):
            session = self.sessions.get(self._unsure.popleft())
            if session is None or session.metadata.snapshot is None:
                continue
            if self.node.sip.allows_update(session.dialog):
                lacking = msgspec.structs.replace(session.metadata, is_lacking=True)
                outputs += snapshot_asked(self.node, session.with_metadata(lacking), now)
        return outputs

    def _maybe_over(self, event: SipEvent, now: Now) -> list[Output]:
        """What can end a call: the peer says so, or no longer knows of it."""
        match event:
            case ByeReceived():
                return end(self.node, event.dialog, "bye", now)
            case CancelReceived():
                return end(self.node, event.dialog, "cancel", now)
            case ResponseReceived() if event.response.status in _MISSING_DIALOG:
                return probe_failed(self.node, event.dialog, now)
            case TransactionTimedOut():
                unanswered(self.node, event)
                if event.is_away:
                    return unreached(self.node, event.dialog, now)
                return probe_failed(self.node, event.dialog, now)
            case _:
                return []

    def end(
        self, dialog: DialogId, reason: EndReason, now: Now, *, say_bye: bool = False
    ) -> list[Output]:
        """A recording session is over; saying so twice changes nothing."""
        return end(self.node, dialog, reason, now, say_bye=say_bye)

    def probe(self, dialog: DialogId, now: Now) -> list[Output]:
        """Nothing has arrived for a while: ask the peer whether the dialog still is."""
        return probe(self.node, dialog, now)
