"""The machine of a call, driven: one event, and everything that follows out of it.

What its commands say goes to SIP, to the relay, to the recording; what they bring about happens to
it or to another call at once. Knows nothing of how an event came about.
"""

from collections.abc import Iterable

import msgspec

from archive.call.events import EndReason
from archive.call.refusal_reasons import Reason
from archive.call.sender_events import failed_because
from capture.inline.forwarded_requests import left_unanswered
from capture.inline.machine import step
from capture.inline.notices.notice_timeouts import timed
from capture.inline.recordings.notice_evidence import unproved
from capture.inline.recordings.preference_pause import heeded
from capture.inline.recordings.recording_end import deserted, ended
from capture.inline.recordings.recording_update import dialogs_kept, kept
from capture.inline.sip_commands import CommandResult, say
from capture.inline.state.bridged_calls import BridgedCall
from capture.inline.state.call import InlineCall
from capture.inline.state.call_commands import Command, Refuse, TransferCommand
from capture.inline.state.call_events import Cancelled, Event, HopsFound, HungUp, OfTransferTarget
from capture.inline.state.call_plan import Hop
from capture.inline.state.exchange import Exchange
from capture.inline.state.phases import sought
from capture.inline.state.stages import TransferStage
from capture.inline.transfer_commands import tell
from capture.inline.transfers.party_update import moved
from capture.links.relay_messages import Side
from capture.recording.outputs import Find, Now, Output
from capture.sip.flow import Address
from capture.sip.targets import hops, questions


class Driver:
    """All machines of a node; `ending` are the reasons of calls that we end ourselves, by key."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange, self._calls = exchange, exchange.calls
        self.ending: dict[bytes, EndReason] = {}

    def step(self, bridged: BridgedCall, event: Event, now: Now) -> list[Output]:
        """One event, its commands, and what recording and relay are told of it."""
        before = bridged.call
        call, commands = step(before, event, self._exchange.stock_for(bridged), now.us)
        bridged = msgspec.structs.replace(
            bridged,
            call=call,
            fate=fate_of(bridged, event, commands),
            has_talked=bridged.has_talked or call.is_joined,
        )
        bridged = timed(moved(bridged, before, event), before, now.us)
        self._calls.keep(bridged)
        outputs = self._before(before, bridged, now)
        for command in commands:
            bridged = self._calls.get(bridged.key) or bridged
            outputs += self._do(bridged, command, now)
        return [*outputs, *self._after(before, bridged, event, now)]

    def found(
        self, key: bytes, uri: bytes, hops: Iterable[tuple[str, Address]], now: Now
    ) -> list[Output]:
        """Where a target of a call can be reached, the best first."""
        bridged = self._calls.get(key)
        if bridged is None:
            return []
        found = HopsFound(tuple(Hop(transport, remote, uri) for transport, remote in hops))
        transfer = bridged.call.transfer
        is_targets = transfer is not None and transfer.stage is TransferStage.FINDING
        return self.step(bridged, OfTransferTarget(found) if is_targets else found, now)

    def go_on(self, now: Now) -> list[Output]:
        """What a predecessor was still looking for is looked for again."""
        outputs: list[Output] = []
        for bridged in self._calls:
            for find in sought(bridged.call):
                outputs += self._do(bridged, find, now)
        return outputs

    def _before(self, before: InlineCall, bridged: BridgedCall, now: Now) -> list[Output]:
        """Recording and relay are told first: whoever hears of a port finds it open."""
        outputs = kept(self._exchange, before, bridged, now)
        return [*outputs, *heeded(self._exchange, before, bridged, now)]

    def _do(self, bridged: BridgedCall, command: Command, now: Now) -> list[Output]:
        said = self._said(bridged, command, now)
        match said.outputs:
            case [Find(uri=uri, where=where)] if not questions(where, {}):
                found = [(hop.transport, hop.remote) for hop in hops(where, {}, _no_chance)]
                return self.found(bridged.key, uri, found, now)
        self._calls.keep(said.bridged)
        dialogs_kept(self._exchange, said.bridged)
        outputs = said.outputs
        for key, event in said.elsewhere:
            other = self._calls.get(key)
            outputs = [*outputs, *(self.step(other, event, now) if other is not None else [])]
        if said.then is None:
            return outputs
        return [*outputs, *self.step(said.bridged, said.then, now)]

    def _said(self, bridged: BridgedCall, command: Command, now: Now) -> CommandResult:
        if isinstance(command, TransferCommand):
            return tell(self._exchange, bridged, command, now)
        return say(self._exchange, bridged, command, now)

    def _after(
        self, before: InlineCall, bridged: BridgedCall, event: Event, now: Now
    ) -> list[Output]:
        now_bridged = self._calls.get(bridged.key)
        if now_bridged is None:
            return []
        call, reason = now_bridged.call, self.ending.get(bridged.key)
        reason = reason or ended_because(before, call, event)
        if call.is_deserted and not before.is_deserted:
            return deserted(self._exchange, now_bridged, unproved(before, event), reason, now)
        if not call.is_over or before.is_over:
            return []
        self.ending.pop(bridged.key, None)
        left = left_unanswered(self._exchange, now_bridged, now)
        return [*left, *ended(self._exchange, now_bridged, unproved(before, event), reason, now)]


def _no_chance() -> float:
    """Of an address there is nothing to choose."""
    return 0.0


def ended_because(before: InlineCall, after: InlineCall, event: Event) -> EndReason:
    """Return why a call ended that neither its limits nor the node ended."""
    if after.recording.unrecorded is Reason.NOTICE_MISSING and not before.recording.unrecorded:
        return "notice_not_played"
    if before.has_answered or before.refers > 0:
        return "bye"
    failed = failed_because(after.attempts[-1]) if after.attempts else None
    is_callers = isinstance(event, HungUp) and event.side is Side.CALLER
    return failed or ("cancel" if is_callers or isinstance(event, Cancelled) else "bye")


def fate_of(bridged: BridgedCall, event: Event, commands: list[Command]) -> int:
    """What the caller was refused with, once he was."""
    if isinstance(event, Cancelled):
        return event.status
    refused = [command.status for command in commands if isinstance(command, Refuse)]
    return refused[0] if refused else bridged.fate
