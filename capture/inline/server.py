"""All inline calls of a node: SIP events and the relays' answers in, SIP, relay, recorder out.

Drives the machine of each call over the exchange. No sockets, no clock; names are found by the
shell.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from archive.events import EndReason, RecordingStopped
from capture.inline.asking import asked, replacing
from capture.inline.call import CalleeStage, Hop, InlineCall, TransferStage
from capture.inline.commands import Command, FindHops, FindNewcomer, TransferCommand
from capture.inline.crossing import (
    answered,
    notified,
    passed_on,
    referral_answered,
    referral_passed,
)
from capture.inline.deadlines import due
from capture.inline.events import (
    Began,
    Event,
    HopsFound,
    HungUp,
    KeyPressed,
    OfNewcomer,
    RecordingFailed,
    Referred,
)
from capture.inline.exchange import Exchange, peering_of
from capture.inline.fates import ended_because, fate_of
from capture.inline.hearing import heard, is_of_newcomer, of_newcomer
from capture.inline.keeping import (
    cut_overdue,
    cut_told,
    ended,
    kept,
    let_go,
    notice_told,
    relay_calls,
    unproved,
)
from capture.inline.keys import keyed
from capture.inline.lines import Line
from capture.inline.machine import step
from capture.inline.minding import asked_about, refreshed
from capture.inline.moving import moved
from capture.inline.naming import named, newcomer_named
from capture.inline.phases import phase_of
from capture.inline.reporting import notice_played, report_kept
from capture.inline.retrying import SENT_ANEW, called_again
from capture.inline.speaking import ALLOW, Said, bye, say
from capture.inline.stopping import stop
from capture.inline.taking import room_beside, take
from capture.inline.telling import tell
from capture.relaying import Keyed, LetGo, Played, RelayAnswer, RelayCall, Reported, Side
from capture.sip.build import Answer
from capture.sip.events import Event as SipEvent
from capture.sip.events import (
    InviteReceived,
    OptionsReceived,
    PrackReceived,
    RefreshDue,
    ReinviteReceived,
    RequestReceived,
    ResponseReceived,
    TransactionTimedOut,
    UpdateReceived,
)
from capture.sip.flow import Address
from capture.sip.identity import DialogId
from capture.sip.targets import hops, questions
from capture.siprec.outputs import Find, Listen, Now, Output
from capture.siprec.refusing import Refusal, turned_away
from capture.sources import Source

# What waits for an answer of ours.
Asking = OptionsReceived | RequestReceived | ReinviteReceived | UpdateReceived | PrackReceived
_PENDING: Final = 491
_NO_DIALOG: Final = 481
_OK: Final = 200
_TERMINATED: Final = 487


class InlineServer:
    """Every inline call of the node."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange, self.lines = exchange, exchange.lines
        self._ending: dict[bytes, EndReason] = {}

    @property
    def is_open(self) -> bool:
        """Is there a route that a call could take?"""
        switch = self.exchange.switch
        return bool(switch.routes.routes or switch.emergency_to)

    def has(self, event: SipEvent) -> bool:
        """Is an event of the SIP layer about an inline call?"""
        dialog = getattr(event, "dialog", None)
        return isinstance(dialog, DialogId) and self.lines.of_dialog(dialog) is not None

    # -- calls that begin -------------------------------------------------------------------------

    def invited(self, event: InviteReceived, source: Source, now: Now) -> list[Output]:
        """Somebody calls who does not ask to be recorded: a call to be routed."""
        premises = self.exchange.premises
        replaced = replacing(self.exchange, event, source, now)
        if isinstance(replaced, Refusal):
            return turned_away(premises, event, source, replaced, now)
        if replaced is not None:
            return self._step(*replaced, now)
        taken = take(self.exchange, event, source, now)
        if isinstance(taken, Refusal):
            return turned_away(premises, event, source, taken, now)
        premises.watch.called(source.name, now.us)
        premises.sessions.keep(taken.session)
        self.lines.keep(taken.line)
        return [Listen(taken.session.pairs), *self._step(taken.line, Began(), now)]

    def found(
        self, key: bytes, uri: bytes, hops: Iterable[tuple[str, Address]], now: Now
    ) -> list[Output]:
        """Where a target of a call can be reached, the best first."""
        line = self.lines.get(key)
        if line is None:
            return []
        found = HopsFound(tuple(Hop(transport, remote, uri) for transport, remote in hops))
        transfer = line.call.transfer
        is_newcomers = transfer is not None and transfer.stage is TransferStage.FINDING
        return self._step(line, OfNewcomer(found) if is_newcomers else found, now)

    # -- what happens -----------------------------------------------------------------------------

    def handle(self, event: SipEvent, now: Now) -> list[Output]:
        """React to one event of the SIP layer about a call of ours."""
        found = self.lines.of_dialog(getattr(event, "dialog", None))
        assert found is not None
        line, side = found
        match event:
            case OptionsReceived():
                return self._answer(event, Answer(status=_OK, headers=(ALLOW,)), now)
            case ResponseReceived() | TransactionTimedOut() if event.method == b"REFER":
                return self._did(*referral_answered(self.exchange, line, event, now))
            case _ if line.is_stale(_dialog_of(event)):
                return self._late(event, now)
            case ResponseReceived() if event.response.status in SENT_ANEW:
                outputs = called_again(self.exchange, line, event, now)
                return self._of_call(line, side, event, now) if outputs is None else outputs
            case _:
                return self._of_call(line, side, event, now)

    def _of_call(self, line: Line, side: Side, event: SipEvent, now: Now) -> list[Output]:
        """Of one of the two who are in the call, of the callee, or of who comes for a place."""
        match event:
            case _ if is_of_newcomer(line, event):
                return self._of_newcomer(line, event, now)
            case RequestReceived():
                return self._asked(line, side, event, now)
            case RefreshDue():
                return refreshed(self.exchange, line, side, event, now)
            case _:
                return self._happened(line, side, event, now)

    def _happened(self, line: Line, side: Side, event: SipEvent, now: Now) -> list[Output]:
        source = self.exchange.premises.sources.named(line.source)
        line = named(line, side, event, peering_of(source))
        happened = heard(line, side, event)
        if happened is None:
            return []
        line, outputs = room_beside(self.exchange, line, happened, now)
        return [*outputs, *self._step(line, happened, now)]

    def _of_newcomer(self, line: Line, event: SipEvent, now: Now) -> list[Output]:
        """Who is to take a place may answer, and hang up; what he asks comes too early."""
        happened = of_newcomer(line, event)
        if happened is not None:
            return self._step(newcomer_named(line, event), happened, now)
        return self._answer(event, Answer(status=_PENDING), now)

    def _did(self, line: Line, outputs: list[Output]) -> list[Output]:
        self.lines.keep(line)
        return outputs

    def _late(self, event: SipEvent, now: Now) -> list[Output]:
        """Who was given up, or has left his place to another, is let go, and asks in vain."""
        if not isinstance(event, ResponseReceived):
            return self._answer(event, Answer(status=_NO_DIALOG), now)
        is_accepted = event.response.status // 100 == 2  # noqa: PLR2004 - RFC 3261 §7.2
        if event.method != b"INVITE" or not is_accepted:
            return []
        return bye(self.exchange, event.dialog, (), now)

    def _asked(self, line: Line, side: Side, event: RequestReceived, now: Now) -> list[Output]:
        """INFO and MESSAGE cross; a REFER does, or is carried out here; a NOTIFY is taken."""
        match event.request.method:
            case b"INFO" | b"MESSAGE":
                return passed_on(self.exchange, line, side, event, now)
            case b"NOTIFY":
                return notified(self.exchange, line, event, now)
            case b"REFER" if line.call.plan.transfer == "pass":
                return self._did(*referral_passed(self.exchange, line, side, event, now))
            case b"REFER":
                return self._referred(line, side, event, now)
            case _:
                return self._answer(event, Answer(status=603), now)

    def _referred(self, line: Line, side: Side, event: RequestReceived, now: Now) -> list[Output]:
        told = asked(self.exchange, line, side, event, now)
        if isinstance(told, Referred):
            return self._step(line, told, now)
        return self._answer(event, told, now)

    def _answer(self, event: SipEvent, answer: Answer, now: Now) -> list[Output]:
        """Answer what can be answered."""
        if isinstance(event, Asking):
            return answered(self.exchange, event.key, answer, now)
        return []

    # -- the machine ------------------------------------------------------------------------------

    def _step(self, line: Line, event: Event, now: Now) -> list[Output]:
        """One event, its commands, and what recording and relay are told of it."""
        before = line.call
        call, commands = step(before, event, self.exchange.switch.stock, now.us)
        line = msgspec.structs.replace(line, call=call, fate=fate_of(line, event, commands))
        line = moved(line, before, event)
        self.lines.keep(line)
        outputs = self._before(before, line, now)
        for command in commands:
            line = self.lines.get(line.key) or line
            outputs += self._do(line, command, now)
        return [*outputs, *self._after(before, line, event, now)]

    def _before(self, before: InlineCall, line: Line, now: Now) -> list[Output]:
        """Recording and relay are told first: whoever hears of a port finds it open."""
        return kept(self.exchange, before, line, now)

    def _do(self, line: Line, command: Command, now: Now) -> list[Output]:
        said = self._said(line, command, now)
        match said.outputs:
            case [Find(uri=uri, where=where)] if not questions(where, {}):
                found = [(hop.transport, hop.remote) for hop in hops(where, {}, _no_chance)]
                return self.found(line.key, uri, found, now)
        self.lines.keep(said.line)
        self._named(said.line)
        outputs = said.outputs
        for key, event in said.elsewhere:
            other = self.lines.get(key)
            outputs = [*outputs, *(self._step(other, event, now) if other is not None else [])]
        if said.then is None:
            return outputs
        return [*outputs, *self._step(said.line, said.then, now)]

    def _said(self, line: Line, command: Command, now: Now) -> Said:
        if isinstance(command, TransferCommand):
            return tell(self.exchange, line, command, now)
        return say(self.exchange, line, command, now)

    def _named(self, line: Line) -> None:
        """The dialogs of the call, so that what is said in any of them joins the recording."""
        sessions = self.exchange.premises.sessions
        session = sessions.get(line.key)
        if session is None:
            return
        ids = dict.fromkeys(name[0] for name, _ in line.names)
        others = tuple(each for each in ids if each != session.dialog.call_id)
        if session.call_ids != others:
            sessions.keep(msgspec.structs.replace(session, call_ids=others))

    def _after(self, before: InlineCall, line: Line, event: Event, now: Now) -> list[Output]:
        now_line = self.lines.get(line.key)
        if now_line is None or not now_line.call.is_over or before.is_over:
            return []
        reason = self._ending.pop(line.key, None) or ended_because(before)
        return ended(self.exchange, now_line, unproved(before, event), reason, now)

    # -- the relays -------------------------------------------------------------------------------

    def relay_said(self, answer: RelayAnswer, now: Now) -> list[Output]:
        """A relay worker has something to tell of a call."""
        line = self.lines.get(getattr(answer, "call", b""))
        if line is None:
            return []
        match answer:
            case Played() if line.cut is None:
                notice_told(self.exchange, line, answer, now)
                return self._step(line, notice_played(answer), now)
            case Keyed():
                return self._keyed(line, answer, now)
            case LetGo():
                return let_go(self.exchange, line, now)
            case Played():
                cut_told(self.exchange, line, answer, now)
            case Reported():
                report_kept(self.exchange, line, answer)
        return []

    def _keyed(self, line: Line, told: Keyed, now: Now) -> list[Output]:
        """A key may pause recording, and may say no to it."""
        outputs = keyed(self.exchange, line, told, now)
        line = self.lines.get(line.key) or line
        return [*outputs, *self._step(line, KeyPressed(told.side, told.digit), now)]

    def relay_calls(self, worker: int) -> list[RelayCall]:
        """Everything that a relay worker must know."""
        sessions = self.exchange.premises.sessions
        calls: list[RelayCall] = []
        for line in self.lines:
            session = sessions.get(line.key)
            if session is not None and session.worker == worker and line.cut is None:
                calls += relay_calls(line.call, session)
        return calls

    # -- time -------------------------------------------------------------------------------------

    def tick(self, now: Now) -> list[Output]:
        """What is due by the clock alone: who rings for too long, whose evidence does not come."""
        outputs: list[Output] = []
        for line in self.lines:
            outputs += cut_overdue(self.exchange, line, now)
            for event in due(self.exchange, line, now):
                outputs += self._step(self.lines.get(line.key) or line, event, now)
        return outputs

    def end(self, dialog: DialogId, reason: EndReason, now: Now) -> list[Output]:
        """We end a call: silence, the longest length, our own stop."""
        line = self._of_session(dialog)
        if line is None:
            return []
        self._ending[line.key] = reason
        return self._step(line, HungUp(Side.CALLER, still_there=True), now)

    def _of_session(self, dialog: DialogId) -> Line | None:
        """The call whose recording session this dialog began; it may be another call's by now."""
        session = self.exchange.premises.sessions.of_dialog(dialog)
        return None if session is None else self.lines.get(session.key)

    def stop(self, key: bytes, said: RecordingStopped) -> list[Output]:
        """Recording is ended by hand; raises `ControlRefused`."""
        line = self.lines.get(key)
        return [] if line is None else stop(self.exchange, line, said)

    def phase(self, key: bytes) -> str:
        """How far a call is, in a word; "" for what is no inline call."""
        line = self.lines.get(key)
        return "" if line is None else phase_of(line.call)

    def unkept(self, dialog: DialogId, now: Now) -> list[Output]:
        """Nothing takes what comes for this call's recording."""
        line = self._of_session(dialog)
        return [] if line is None else self._step(line, RecordingFailed(), now)

    def probe(self, dialog: DialogId, now: Now) -> list[Output]:
        """Nothing has arrived for a while: ask both sides whether the call still is."""
        line = self._of_session(dialog)
        return [] if line is None else asked_about(self.exchange, line, now)

    def may_speak(self, host: str) -> bool:
        """Is it a target's address, or one that a call of ours was sent to?"""
        return self.lines.has_host(host) or self.exchange.switch.is_of_target(host)

    # -- another process --------------------------------------------------------------------------

    def restore(self, values: Iterable[bytes]) -> None:
        """Go on with the calls of a predecessor; raises `msgspec.MsgspecError`."""
        self.lines.restore(values)

    def go_on(self, now: Now) -> list[Output]:
        """What a predecessor was still looking for is looked for again."""
        outputs: list[Output] = []
        for line in self.lines:
            if line.call.callee_stage is CalleeStage.FINDING:
                outputs += self._do(line, FindHops(line.call.callee.peer), now)
            transfer = line.call.transfer
            if transfer and transfer.aim and transfer.stage is TransferStage.FINDING:
                find = FindNewcomer(transfer.aim.name, transfer.number)
                outputs += self._do(line, find, now)
        return outputs


def _dialog_of(event: SipEvent) -> DialogId:
    dialog = getattr(event, "dialog", None)
    assert isinstance(dialog, DialogId)
    return dialog


def _no_chance() -> float:
    """Of an address there is nothing to choose."""
    return 0.0
