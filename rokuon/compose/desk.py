"""The API's way to the node that records: signalling's socket, asked from a thread.

Knows the forms of both sides, nothing of routes or of how calls are controlled.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from api.errors import NodeAway
from api.live import Action, LiveCall, LiveParty, Told, Wish as Wanted
from capture.questions import (
    LiveCall as Seen,
    LiveCalls,
    LiveParty as SeenParty,
    Participant,
    Question,
    Wish,
)
from rokuon.compose.errors import NothingFound
from rokuon.compose.live import ask, number_of, parties_of, state_of
from rokuon.config.schema import Config

_WISHES: Final[dict[Action, Wish]] = {
    "start": Wish.START,
    "pause": Wish.PAUSE,
    "resume": Wish.RESUME,
    "stop": Wish.STOP,
    "tell": Wish.TELL,
}


@dataclass(frozen=True, slots=True)
class SocketDesk:
    """Asks signalling of this node."""

    config: Config

    async def calls(self) -> Sequence[LiveCall]:
        """Every recording that grows or may be begun; raises `NodeAway`."""
        return [_call(each) for each in (await self._ask(Question())).calls]

    async def do(self, wish: Wanted) -> str:
        """Have it done; why not, "" where it is. Raises `NodeAway`."""
        question = Question(
            recording=wish.recording.raw.hex(),
            wish=_WISHES[wish.action],
            tenant=wish.tenant.raw.hex(),
            by=wish.by,
            reason=wish.reason,
            who=None if wish.who is None else _who(wish.who),
        )
        return (await self._ask(question)).refused

    async def _ask(self, question: Question) -> LiveCalls:
        try:
            return await asyncio.to_thread(ask, self.config, question)
        except (NothingFound, OSError, msgspec.MsgspecError) as away:
            raise NodeAway("signalling does not answer") from away


def _who(told: Told) -> Participant:
    return Participant(side=told.side, aor=told.aor, name=told.name, agent=told.agent)


def _party(seen: SeenParty) -> LiveParty:
    return LiveParty(
        side=seen.side,
        names=seen.names,
        numbers=tuple(map(number_of, seen.addresses)),
        addresses=seen.addresses,
    )


def _call(seen: Seen) -> LiveCall:
    return LiveCall(
        recording=seen.recording,
        tenant=seen.tenant,
        source=seen.source,
        mode=seen.mode,
        phase=seen.phase,
        started_us=seen.started_us,
        caller=seen.caller,
        called=seen.called,
        streams=seen.streams,
        state=state_of(seen),
        paused_us=seen.paused_us,
        troubles=tuple(each.value for each in seen.troubles),
        parties=tuple(map(_party, parties_of(seen))),
        call_id=seen.ids[0] if seen.ids else "",
        stray_codecs=seen.codecs,
    )
