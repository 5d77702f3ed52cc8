"""All inline calls of a node: SIP events and the relays' answers in, SIP, relay, recorder out.

Says which event of a call each is; what follows is driven elsewhere. No sockets, no clock; names
are found by the shell.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from archive.call.events import EndReason, RecordingStarted, RecordingStopped, RouteTaken
from capture.inline.call_setup import room_beside, take
from capture.inline.connected_identity import introduced, made_known, trust_at
from capture.inline.deadlines import due
from capture.inline.dialog_liveness import (
    ack_missing,
    asked_about,
    found_gone,
    is_question,
    is_unheard,
    put_off,
    refreshed,
    spoke_unacknowledged,
)
from capture.inline.dialogs.event_translation import (
    heard,
    is_of_transfer_target,
    of_transfer_target,
)
from capture.inline.dialogs.external_ids import known_by_answer
from capture.inline.dialogs.srtp_check import forbidden
from capture.inline.driver import Driver
from capture.inline.forwarded_requests import (
    PASSING,
    answered_across,
    answered_late,
    overdue,
    renumbered,
)
from capture.inline.invite_retry import SENT_ANEW, called_again, unproved
from capture.inline.outgoing_invite import ALLOW
from capture.inline.recordings.notice_evidence import counted, cut_told, notice_told
from capture.inline.recordings.notice_outcome import notice_played, with_report
from capture.inline.recordings.other_senders import sent_unheard
from capture.inline.recordings.party_names import named, target_named
from capture.inline.recordings.recording_control import asked_by_header, asked_to_start
from capture.inline.recordings.recording_end import cut_overdue, let_go
from capture.inline.recordings.recording_update import begun_by_now, gate_told, route_taken
from capture.inline.recordings.relay_updates import all_relay_calls
from capture.inline.recordings.stop_by_hand import asked_to_stop
from capture.inline.recordings.withdrawal import withdrawal_overdue, withdrawal_told
from capture.inline.requests import Requests
from capture.inline.sip_commands import met
from capture.inline.state.bridged_calls import BridgedCall
from capture.inline.state.call_events import (
    Acknowledged,
    Began,
    HungUp,
    NotRelayed,
    PartyHeard,
    RecordingFailed,
    Refused,
)
from capture.inline.state.ends import other
from capture.inline.state.exchange import Exchange, trust_of
from capture.inline.state.phases import phase_of
from capture.inline.state.stages import NoticeStage
from capture.inline.transfer_requests import replacing
from capture.inline.transfer_target import followed
from capture.inline.view import InlineView
from capture.links.relay_messages import (
    Foreign,
    Keyed,
    Latched,
    LetGo,
    NoSockets,
    Played,
    RelayAnswer,
    RelayCall,
    Reported,
    Side,
)
from capture.peers.sources import Source
from capture.recording.call_refusal import Refusal, turned_away
from capture.recording.node_context import read_as_meant
from capture.recording.outputs import Listen, Now, Output
from capture.sip.build import Answer
from capture.sip.events import (
    AckMissing,
    Event as SipEvent,
    InviteReceived,
    OptionsReceived,
    RefreshDue,
    RefreshMissed,
    RequestReceived,
    ResponseReceived,
    SentAgain,
    TransactionTimedOut,
)
from capture.sip.identity import DialogId

_PENDING: Final = 491
_NO_DIALOG: Final = 481
_OK: Final = 200


class InlineServer:
    """Every inline call of the node."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange, self.calls = exchange, exchange.calls
        self.driver = Driver(exchange)
        self.requests = Requests(exchange, self.driver)

    @property
    def is_open(self) -> bool:
        """Is there a route that a call could take?"""
        return self.exchange.switch.is_open

    def has(self, event: SipEvent) -> bool:
        """Is an event of the SIP layer about an inline call?"""
        dialog = getattr(event, "dialog", None)
        return isinstance(dialog, DialogId) and self.calls.of_dialog(dialog) is not None

    # -- calls that begin -------------------------------------------------------------------------

    def invited(self, event: InviteReceived, source: Source, now: Now) -> list[Output]:
        """Somebody calls who does not ask to be recorded: a call to be routed."""
        node = self.exchange.node
        replaced = replacing(self.exchange, event, source, now)
        if isinstance(replaced, Refusal):
            return turned_away(node, event, source, replaced, now)
        if replaced is not None:
            return self.driver.step(*replaced, now)
        taken = take(self.exchange, event, source, now)
        if isinstance(taken, Refusal):
            return turned_away(node, event, source, taken, now)
        node.peers.watch.called(source.name, now.us)
        node.sessions.keep(taken.session)
        self.calls.keep(taken.bridged)
        return [Listen(taken.session.pairs), *self.driver.step(taken.bridged, Began(), now)]

    # -- what happens -----------------------------------------------------------------------------

    def handle(self, event: SipEvent, now: Now) -> list[Output]:
        """React to one event of the SIP layer about a call of ours."""
        found = self.calls.of_dialog(getattr(event, "dialog", None))
        assert found is not None
        node = self.exchange.node
        noted = read_as_meant(node, node.sessions.get(found[0].key), event, now)
        return [*noted, *self._handle(*found, event, now)]

    def _handle(self, bridged: BridgedCall, side: Side, event: SipEvent, now: Now) -> list[Output]:
        match event:
            case SentAgain():
                return self._did(renumbered(bridged, side, event), [])
            case ResponseReceived() | TransactionTimedOut() if event.method in PASSING:
                return self._did(*answered_across(self.exchange, bridged, event, now))
            case _ if bridged.is_stale(_dialog_of(event)):
                return self._of_stale(event, now)
            case ResponseReceived() if event.response.status in SENT_ANEW:
                outputs = called_again(self.exchange, bridged, event, now)
                if outputs is not None:
                    return outputs
                said = unproved(self.exchange, bridged, side, event)
                return [*said, *self._of_call(bridged, side, event, now)]
            case _:
                wished = asked_by_header(self.exchange, bridged, side, event, now)
                return [*wished, *self._of_call(bridged, side, event, now)]

    def _of_stale(self, event: SipEvent, now: Now) -> list[Output]:
        """Who was given up, or has left his place to another, asks in vain."""
        if isinstance(event, ResponseReceived):
            return answered_late(self.exchange, event, now)
        return self.requests.answered(event, Answer(status=_NO_DIALOG), now)

    def _of_call(self, bridged: BridgedCall, side: Side, event: SipEvent, now: Now) -> list[Output]:
        """Of one of the two who are in the call, of the callee, or of who comes for a place."""
        match event:
            case OptionsReceived():
                return self.requests.answered(event, Answer(status=_OK, headers=(ALLOW,)), now)
            case _ if is_of_transfer_target(bridged, event):
                return self._of_transfer_target(bridged, event, now)
            case RequestReceived():
                return self.requests.asked(bridged, side, event, now)
            case ResponseReceived() | TransactionTimedOut() if is_question(bridged, side, event):
                return self._probed(bridged, side, event, now)
            case RefreshDue() | RefreshMissed():
                return refreshed(self.exchange, bridged, side, event, now)
            case _:
                return self._happened(bridged, side, event, now)

    def _probed(
        self,
        bridged: BridgedCall,
        side: Side,
        event: ResponseReceived | TransactionTimedOut,
        now: Now,
    ) -> list[Output]:
        """A side was asked whether it still is; the call is over where it is not."""
        gone = found_gone(self.exchange, bridged, side, event)
        if gone is None:
            put_off(self.exchange, bridged, event, now)
            return []
        self.driver.ending[bridged.key] = "probe_failed"
        return self.driver.step(bridged, gone, now)

    def _happened(
        self, bridged: BridgedCall, side: Side, event: SipEvent, now: Now
    ) -> list[Output]:
        refusal = forbidden(self.exchange, bridged, side, event)
        if refusal is not None:
            return self.requests.answered(event, refusal, now)
        source = self.exchange.node.peers.sources.named(bridged.source)
        bridged = introduced(self.exchange, bridged, side, event)
        bridged = named(bridged, side, event, trust_of(source))
        happened = heard(bridged, side, event, trust_at(self.exchange, bridged, other(side)))
        happened = met(self.exchange, bridged, happened)
        if happened is None:
            self.calls.keep(bridged)
            return made_known(self.exchange, bridged, now)
        if isinstance(happened, Refused):
            happened = followed(self.exchange, bridged, happened)
        said: list[Output] = []
        if isinstance(event, AckMissing) and spoke_unacknowledged(
            self.exchange, bridged, side, now
        ):
            happened, said = Acknowledged(side), ack_missing(self.exchange, bridged, now)
        bridged, outputs = room_beside(self.exchange, bridged, happened, now)
        outputs += said
        outputs += known_by_answer(self.exchange, bridged, event, now)
        outputs += self.driver.step(bridged, happened, now)
        bridged = self.calls.get(bridged.key) or bridged
        return [*outputs, *made_known(self.exchange, bridged, now)]

    def _of_transfer_target(self, bridged: BridgedCall, event: SipEvent, now: Now) -> list[Output]:
        """Who is to take a place may answer, and hang up; what he asks comes too early."""
        happened = of_transfer_target(bridged, event)
        if happened is not None:
            return self.driver.step(target_named(bridged, event), happened, now)
        return self.requests.answered(event, Answer(status=_PENDING), now)

    def _did(self, bridged: BridgedCall, outputs: list[Output]) -> list[Output]:
        self.calls.keep(bridged)
        return outputs

    # -- the relays -------------------------------------------------------------------------------

    def relay_said(self, answer: RelayAnswer, now: Now) -> list[Output]:
        """A relay worker has something to tell of a call."""
        bridged = self.calls.get(getattr(answer, "call", b""))
        if bridged is None:
            return []
        outputs: list[Output] = []
        match answer:
            case Played():
                outputs = self._played(bridged, answer, now)
            case Keyed():
                outputs = self.requests.keyed(bridged, answer, now)[0]
            case Foreign():
                outputs = sent_unheard(self.exchange, bridged, answer, now)
            case Latched() | NoSockets():
                outputs = self._reached(bridged, answer, now)
            case LetGo():
                outputs = let_go(self.exchange, bridged, now)
            case Reported():
                self.calls.keep(with_report(bridged, answer))
        return outputs

    def _reached(self, bridged: BridgedCall, answer: Latched | NoSockets, now: Now) -> list[Output]:
        """A party is heard whose notice may wait for that; or nobody ever is."""
        if bridged.cut is not None:
            return []
        if isinstance(answer, NoSockets):
            self.driver.ending[bridged.key] = "media_timeout"
            return self.driver.step(bridged, NotRelayed(), now)
        if bridged.call.end(answer.side).notice is not NoticeStage.HELD:
            return []
        return self.driver.step(bridged, PartyHeard(answer.side), now)

    def _played(self, bridged: BridgedCall, told: Played, now: Now) -> list[Output]:
        """What became of a prompt: evidence first, then what follows from it."""
        bridged = counted(self.exchange, bridged, told)
        bridged = gate_told(self.exchange, bridged, told)
        if bridged.cut is not None:
            cut_told(self.exchange, bridged, told, now)
            return []
        notice_told(self.exchange, bridged, told, now)
        outputs = withdrawal_told(self.exchange, bridged, told, now)
        bridged = self.calls.get(bridged.key) or bridged
        unheard = is_unheard(self.exchange, bridged, told.side)
        event = replace(notice_played(told), is_unheard=unheard)
        return [*outputs, *self.driver.step(bridged, event, now)]

    def relay_calls(self, worker: int) -> list[RelayCall]:
        """Everything that a relay worker must know."""
        return all_relay_calls(self.exchange, worker)

    # -- time -------------------------------------------------------------------------------------

    def tick(self, now: Now) -> list[Output]:
        """What is due by the clock alone: who rings for too long, whose evidence does not come."""
        outputs: list[Output] = []
        for bridged in self.calls:
            outputs += overdue(self.exchange, bridged, now)
            outputs += self._told_by_now(self.calls.get(bridged.key) or bridged, now)
            for event in due(self.exchange, bridged, now):
                outputs += self.driver.step(self.calls.get(bridged.key) or bridged, event, now)
        return outputs

    def _told_by_now(self, bridged: BridgedCall, now: Now) -> list[Output]:
        """What a recording waits for has come with the time, or does not come any more."""
        if bridged.cut is not None:
            return cut_overdue(self.exchange, bridged, now)
        if bridged.withdrawn is not None:
            return withdrawal_overdue(self.exchange, bridged, now)
        return begun_by_now(self.exchange, bridged, now)

    def end(self, dialog: DialogId, reason: EndReason, now: Now) -> list[Output]:
        """We end a call: silence, the longest length, our own stop."""
        bridged = self._of_session(dialog)
        if bridged is None:
            return []
        self.driver.ending[bridged.key] = reason
        return self.driver.step(bridged, HungUp(Side.CALLER, still_there=True), now)

    def _of_session(self, dialog: DialogId) -> BridgedCall | None:
        """The call whose recording session this dialog began; it may be another call's by now."""
        session = self.exchange.node.sessions.of_dialog(dialog)
        return None if session is None else self.calls.get(session.key)

    def stop(self, key: bytes, said: RecordingStopped, now: Now) -> list[Output]:
        """Recording is ended by hand; raises `ControlRefused`."""
        bridged = self.calls.get(key)
        if bridged is None:
            return []
        return self.driver.step(bridged, asked_to_stop(self.exchange, bridged, said), now)

    def start(self, key: bytes, said: RecordingStarted, now: Now) -> list[Output]:
        """Recording is begun by hand; raises `ControlRefused`."""
        bridged = self.calls.get(key)
        if bridged is None:
            return []
        return self.driver.step(bridged, asked_to_start(self.exchange, bridged, said), now)

    @property
    def view(self) -> InlineView:
        """What others see of calls."""
        return InlineView(phase=self.phase, is_startable=self.is_startable, route=self.route)

    def is_startable(self, key: bytes) -> bool:
        """Is it a call that is up unrecorded, and may somebody change that?"""
        bridged = self.calls.get(key)
        return bridged is not None and bridged.call.is_startable and bridged.cut is None

    def phase(self, key: bytes) -> str:
        """How far a call is, in a word; "" for what is no inline call."""
        bridged = self.calls.get(key)
        return "" if bridged is None else phase_of(bridged.call)

    def route(self, key: bytes) -> RouteTaken | None:
        """The route that a call took; None for what is no inline call."""
        bridged = self.calls.get(key)
        return None if bridged is None else route_taken(bridged)

    def unkept(self, dialog: DialogId, now: Now) -> list[Output]:
        """Nothing takes what comes for this call's recording."""
        bridged = self._of_session(dialog)
        return [] if bridged is None else self.driver.step(bridged, RecordingFailed(), now)

    def probe(self, dialog: DialogId, now: Now, sides: tuple[Side, ...] = ()) -> list[Output]:
        """Nothing has arrived for a while, of both or of these sides: ask whether the call is."""
        bridged = self._of_session(dialog)
        return [] if bridged is None else asked_about(self.exchange, bridged, sides, now)

    def may_speak(self, host: str) -> bool:
        """Is it a target's address, or one that a call of ours was sent to?"""
        return self.calls.has_host(host) or self.exchange.switch.is_of_target(host)

    # -- another process --------------------------------------------------------------------------

    def restore(self, values: Iterable[bytes]) -> None:
        """Go on with the calls of a predecessor; raises `msgspec.MsgspecError`."""
        self.calls.restore(values)


def _dialog_of(event: SipEvent) -> DialogId:
    dialog = getattr(event, "dialog", None)
    assert isinstance(dialog, DialogId)
    return dialog
