"""All inline calls of a node: SIP events and the relays' answers in, SIP, relay, recorder out.

Drives the machine of each call over the exchange. No sockets, no clock; names are found by the
shell.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from archive.events import EndReason
from capture.inline.call import CalleeStage, Hop, InlineCall
from capture.inline.commands import Command, FindHops, Refuse
from capture.inline.events import (
    Began,
    Cancelled,
    Event,
    HopsFound,
    HungUp,
    NoticePlayed,
    RangTooLong,
    Reanswered,
)
from capture.inline.exchange import Exchange, NoticeReports, peering_of
from capture.inline.hearing import heard, is_of_attempt
from capture.inline.keeping import cut_overdue, cut_told, ended, kept, notice_told, unproved
from capture.inline.lines import Line
from capture.inline.machine import step
from capture.inline.parties import asserted_in
from capture.inline.passing import crossing_headers
from capture.inline.relayed import relay_call
from capture.inline.speaking import ALLOW, say
from capture.inline.taking import take
from capture.relaying import Played, RelayAnswer, RelayCall, Reported, Side
from capture.sdp.rendering import render_description
from capture.sip.build import Answer
from capture.sip.call import OutgoingRequest
from capture.sip.events import (
    AnsweredAlready,
    InviteReceived,
    NoSuchDialog,
    OptionsReceived,
    RefreshDue,
    RequestPending,
    RequestReceived,
    ResponseReceived,
    TransactionTimedOut,
)
from capture.sip.events import Event as SipEvent
from capture.sip.flow import Address
from capture.sip.identity import DialogId, TransactionKey
from capture.sip.targets import hops, questions
from capture.siprec.clauses import text_of
from capture.siprec.outputs import Find, Listen, Now, Output
from capture.siprec.premises import SDP_TYPE
from capture.siprec.refusing import Refusal, turned_away
from capture.sources import Source

_PROGRESS: Final = range(101, 300)
_RINGS: Final = frozenset({CalleeStage.DIALLING, CalleeStage.RINGING})
_PENDING: Final = 491
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
        places = tuple(Hop(transport, remote, uri) for transport, remote in hops)
        return self._step(line, HopsFound(places), now)

    # -- what happens -----------------------------------------------------------------------------

    def handle(self, event: SipEvent, now: Now) -> list[Output]:
        """React to one event of the SIP layer about a call of ours."""
        found = self.lines.of_dialog(getattr(event, "dialog", None))
        assert found is not None
        line, side = found
        match event:
            case OptionsReceived():
                return self._answer(event.key, Answer(status=_OK, headers=(ALLOW,)), now)
            case RequestReceived():
                return self._asked(line, side, event, now)
            case RefreshDue():
                return self._refreshed(line, side, event, now)
            case ResponseReceived() | TransactionTimedOut() if not self._is_current(
                line, side, event
            ):
                return self._late(event, now)
            case _:
                line = self._told(line, side, event)
                happened = heard(line, side, event)
                return [] if happened is None else self._step(line, happened, now)

    def _is_current(
        self, line: Line, side: Side, event: ResponseReceived | TransactionTimedOut
    ) -> bool:
        """Is it of the attempt that counts, or of a dialog of this call?"""
        if side is Side.CALLER or is_of_attempt(line, event):
            return True
        attempt = line.attempt
        name = (event.dialog.call_id, event.dialog.local_tag)
        return attempt is not None and name == (attempt.call_id, attempt.local_tag)

    def _late(self, event: ResponseReceived | TransactionTimedOut, now: Now) -> list[Output]:
        """A callee who was given up answers after all: he is let go."""
        if not isinstance(event, ResponseReceived) or event.method != b"INVITE":
            return []
        if event.response.status // 100 != 2:  # noqa: PLR2004 - RFC 3261 §7.2
            return []
        return self._hang_up(event.dialog, now)

    def _hang_up(self, dialog: DialogId, now: Now) -> list[Output]:
        sip = self.exchange.premises.sip
        try:
            outputs = sip.send_request(dialog, OutgoingRequest(method=b"BYE"), now.s)
        except (NoSuchDialog, RequestPending):
            return []
        return self.exchange.premises.sent(outputs, now)

    def _told(self, line: Line, side: Side, event: SipEvent) -> Line:
        """What the callee's response says of him."""
        if side is Side.CALLER or not isinstance(event, ResponseReceived):
            return line
        if event.response.status not in _PROGRESS:
            return line
        source = self.exchange.premises.sources.named(line.source)
        headers = crossing_headers(event.response, peering_of(source))
        who = asserted_in(event.response)
        answered_by = line.answered_by
        if who is not None:
            answered_by = (text_of(who.uri), text_of(who.display))
        return msgspec.structs.replace(line, told=headers, answered_by=answered_by)

    def _asked(self, line: Line, side: Side, event: RequestReceived, now: Now) -> list[Output]:
        """INFO and MESSAGE cross; a REFER is not served yet, a NOTIFY is taken."""
        match event.request.method:
            case b"INFO" | b"MESSAGE":
                return self._passed_on(line, side, event, now)
            case b"NOTIFY":
                return self._answer(event.key, Answer(status=_OK), now)
            case _:
                return self._answer(event.key, Answer(status=603), now)

    def _passed_on(self, line: Line, side: Side, event: RequestReceived, now: Now) -> list[Output]:
        """Said to the other side as it came; answered by us, for it changes nothing here."""
        premises, request = self.exchange.premises, event.request
        to = line.call.callee if side is Side.CALLER else line.call.caller
        outputs = self._answer(event.key, Answer(status=_OK), now)
        if to.dialog is None or not premises.sip.has_dialog(to.dialog):
            return outputs
        kept_names = {b"content-type", b"content-disposition", b"info-package"}
        headers = tuple(
            (each.raw.partition(b":")[0].strip(), each.value)
            for each in request.lines
            if each.name in kept_names
        )
        asked = OutgoingRequest(method=request.method, headers=headers, body=request.body)
        try:
            sent = premises.sip.send_request(to.dialog, asked, now.s)
        except (NoSuchDialog, RequestPending):
            return outputs
        return [*outputs, *premises.sent(sent, now)]

    def _refreshed(self, line: Line, side: Side, event: RefreshDue, now: Now) -> list[Output]:
        """It is ours to refresh the session with one side (RFC 4028 §10): with what holds."""
        if line.call.change is not None:
            return []
        ours = line.call.end(side).ours
        request = OutgoingRequest(method=b"UPDATE", headers=(ALLOW,))
        if not event.by_update and ours is not None:
            body = render_description(ours)
            request = OutgoingRequest(method=b"INVITE", headers=(ALLOW, SDP_TYPE), body=body)
        sip = self.exchange.premises.sip
        try:
            outputs = sip.send_request(event.dialog, request, now.s)
        except (NoSuchDialog, RequestPending):
            return []
        return self.exchange.premises.sent(outputs, now)

    def _answer(self, key: TransactionKey, answer: Answer, now: Now) -> list[Output]:
        premises = self.exchange.premises
        try:
            return premises.refuse(key, answer, now)
        except AnsweredAlready:
            return []

    # -- the machine ------------------------------------------------------------------------------

    def _step(self, line: Line, event: Event, now: Now) -> list[Output]:
        """One event, its commands, and what recording and relay are told of it."""
        before = line.call
        call, commands = step(before, event, self.exchange.switch.stock, now.us)
        line = msgspec.structs.replace(line, call=call, fate=_fate(line, event, commands))
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
        said = say(self.exchange, line, command, now)
        match said.outputs:
            case [Find(uri=uri, where=where)] if not questions(where, {}):
                found = [(hop.transport, hop.remote) for hop in hops(where, {}, _no_chance)]
                return self.found(line.key, uri, found, now)
        self.lines.keep(said.line)
        self._named(said.line)
        if said.pending is None:
            return said.outputs
        refused = Reanswered(said.pending, _PENDING)
        return [*said.outputs, *self._step(said.line, refused, now)]

    def _named(self, line: Line) -> None:
        """The dialogs of the call, so that what is said in any of them joins the recording."""
        sessions = self.exchange.premises.sessions
        session = sessions.get(line.key)
        others = tuple(dict.fromkeys(name[0] for name, side in line.names if side is Side.CALLEE))
        if session is not None and session.call_ids != others:
            sessions.keep(msgspec.structs.replace(session, call_ids=others))

    def _after(self, before: InlineCall, line: Line, event: Event, now: Now) -> list[Output]:
        now_line = self.lines.get(line.key)
        if now_line is None or not now_line.call.is_over or before.is_over:
            return []
        reason = self._ending.pop(line.key, None) or _reason(before)
        return ended(self.exchange, now_line, unproved(before, event), reason, now)

    # -- the relays -------------------------------------------------------------------------------

    def relay_said(self, answer: RelayAnswer, now: Now) -> list[Output]:
        """A relay worker has something to tell of a call."""
        line = self.lines.get(getattr(answer, "call", b""))
        if line is None:
            return []
        match answer:
            case Played() if line.cut is not None:
                return cut_told(self.exchange, line, answer, now)
            case Played():
                notice_told(self.exchange, line, answer, now)
                event = NoticePlayed(
                    side=answer.side,
                    serial=answer.serial,
                    outcome=answer.outcome,
                    until_us=answer.until_us,
                    gate_us=answer.gate_us,
                )
                return self._step(line, event, now)
            case Reported():
                self._report(line, answer)
                return []
            case _:
                return []

    def _report(self, line: Line, told: Reported) -> None:
        before = self.exchange.reports.get((line.key, told.side))
        self.exchange.reports[line.key, told.side] = NoticeReports(
            count=1 + (before.count if before is not None else 0),
            is_through=not line.call.notices,
            lost=told.lost,
            jitter=told.jitter,
        )

    def relay_calls(self, worker: int) -> list[RelayCall]:
        """Everything that a relay worker must know."""
        sessions = self.exchange.premises.sessions
        calls: list[RelayCall] = []
        for line in self.lines:
            session = sessions.get(line.key)
            if session is not None and session.worker == worker and line.cut is None:
                calls.append(relay_call(line.call, is_landed=any(session.live)))
        return calls

    # -- time -------------------------------------------------------------------------------------

    def tick(self, now: Now) -> list[Output]:
        """Who has been ringing for too long, and whose evidence does not come."""
        outputs: list[Output] = []
        for line in self.lines:
            outputs += cut_overdue(self.exchange, line, now)
            call = line.call
            limit_us = call.plan.ring_s * 1_000_000
            if call.callee_stage in _RINGS and now.us - call.dialled_us > limit_us:
                outputs += self._step(line, RangTooLong(), now)
        return outputs

    def end(self, dialog: DialogId, reason: EndReason, now: Now) -> list[Output]:
        """We end a call: silence, the longest length, our own stop."""
        found = self.lines.of_dialog(dialog)
        if found is None:
            return []
        self._ending[found[0].key] = reason
        return self._step(found[0], HungUp(Side.CALLER, still_there=True), now)

    def probe(self, dialog: DialogId, now: Now) -> list[Output]:
        """Nothing has arrived for a while: ask both sides whether the call still is."""
        found = self.lines.of_dialog(dialog)
        premises, outputs = self.exchange.premises, list[Output]()
        session = premises.sessions.of_dialog(dialog)
        if found is None or session is None:
            return []
        premises.sessions.keep(msgspec.structs.replace(session, probed_at_us=now.us))
        for end in (found[0].call.caller, found[0].call.callee):
            if end.dialog is not None and premises.sip.has_dialog(end.dialog):
                ping = OutgoingRequest(method=b"OPTIONS")
                sent = premises.sip.send_request(end.dialog, ping, now.s)
                outputs += premises.sent(sent, now)
        return outputs

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
        return outputs


def _no_chance() -> float:
    """Of an address there is nothing to choose."""
    return 0.0


def _reason(before: InlineCall) -> EndReason:
    """Why a call ended that nobody but its parties ended."""
    return "bye" if before.has_answered else "cancel"


def _fate(line: Line, event: Event, commands: list[Command]) -> int:
    """What the caller was refused with, once he was."""
    if isinstance(event, Cancelled):
        return _TERMINATED
    refused = [command.status for command in commands if isinstance(command, Refuse)]
    return refused[0] if refused else line.fate
