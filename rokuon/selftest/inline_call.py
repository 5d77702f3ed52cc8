"""One inline call with both its ends: somebody calls, our own far side answers, both speak.

Knows the server only by its address; the far side is called where the server's route leads.
"""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rokuon.machine.clock import monotonic_s, now
from rokuon.selftest.call_verdict import (
    KEPT_SLACK_S,
    Step,
    StepOutcome,
    judge_notice,
    judge_ringback,
    judge_talk,
)
from rokuon.selftest.caller import OutgoingCall
from rokuon.selftest.ear import RECEIVE_BUFFER_BYTES, Ear, listening_on
from rokuon.selftest.engine import MediaEngine
from rokuon.selftest.far_side import FarSide, far_side
from rokuon.selftest.heard import words_of
from rokuon.selftest.session import CallRefused
from rokuon.selftest.session_description import AnsweredStream, AnswerUnusable
from rokuon.selftest.signalling import PeerGone, PeerSilent, Target, connect
from rokuon.selftest.sources import Source, open_sources
from rokuon.selftest.speaker import Speaker
from rokuon.selftest.speech_files import Language, Side, continuous_speech

Audio = NDArray[np.int16]
# No telephone number: whatever a node makes of the call, nobody is rung.
CALLED: Final = "rokuon-selftest"
CALLER: Final = "selftest"
# From the answer to the first packet of the notice, and from its last one to the bridge.
SETTLE_S: Final = 1.0
# BYE goes through the server to the far side.
HANG_UP_S: Final = 5.0
NO_ANSWER: Final = (CallRefused, PeerSilent, PeerGone, AnswerUnusable)


@dataclass(frozen=True, slots=True, kw_only=True)
class InlinePlan:
    """Where the call goes, where the far side is called, and what both are to hear meanwhile."""

    target: Target
    host: str
    port: int
    notice: Audio
    ringback: Audio
    talk_s: float = 4.0

    @property
    def notice_s(self) -> float:
        """How long the notice lasts."""
        return len(self.notice) / 8_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedCall:
    """What was placed: `customer` and `agent` are the last that each said, as the other heard it.

    `joined_s` is from the end of the notice to the BYE, and known as well as `slack_s` says.
    """

    call_id: str
    begun_at: datetime
    joined_s: float
    customer: Audio
    agent: Audio
    slack_s: float = KEPT_SLACK_S


class StoppedAt(Exception):
    """A step without which there is no next one did not pass; it has been told."""


Tell = Callable[[StepOutcome], None]
_SPEECH: Final = {side: continuous_speech(Language.JAPANESE, side) for side in Side}
_LAST_WORDS: Final = 8_000 * 2


@dataclass(frozen=True, slots=True)
class _Scene:
    """Everything that is open while the call is up."""

    plan: InlinePlan
    call: OutgoingCall
    far: FarSide
    ears: dict[Side, Ear]
    speakers: dict[Side, Speaker]
    tell: Tell

    async def play(self) -> PlacedCall:
        begun_at = now()
        try:
            await self._answered()
            return await self._talk(begun_at)
        finally:
            for speaker in self.speakers.values():
                await speaker.rest()
            # Whoever stops the self-test must not leave a call behind.
            if self.call.is_up:
                await self.call.end()

    async def _answered(self) -> None:
        asked_s = monotonic_s()
        try:
            voice_to = await self.call.begin()
        except NO_ANSWER as refused:
            status = refused.status if isinstance(refused, CallRefused) else 0
            self.tell(StepOutcome(Step.ANSWERED, passed=False, figures={"status": status}))
            raise StoppedAt from refused
        setup_ms = round(1_000 * (monotonic_s() - asked_s), 1)
        is_ours = self.far.voice_to.done()
        self.tell(StepOutcome(Step.ANSWERED, is_ours, {"status": 200, "setup_ms": setup_ms}))
        if not is_ours:
            raise StoppedAt
        self._speak(voice_to, await self.far.voice_to)

    def _speak(self, caller_to: AnsweredStream, far_to: AnsweredStream) -> None:
        """Both speak from the beginning, so that what is kept too early would be heard."""
        self.speakers[Side.CUSTOMER].speak(_SPEECH[Side.CUSTOMER], caller_to)
        self.speakers[Side.AGENT].speak(_SPEECH[Side.AGENT], far_to)

    async def _talk(self, begun_at: datetime) -> PlacedCall:
        words = {side: words_of(_SPEECH[side]) for side in Side}
        caller, far = self.ears[Side.CUSTOMER], self.ears[Side.AGENT]
        await asyncio.sleep(self.plan.notice_s + SETTLE_S)
        noticed = judge_notice(caller.heard(), self.plan.notice, words[Side.AGENT])
        self.tell(noticed.outcome)
        over_s = noticed.over_s
        self.tell(judge_ringback(far.heard(), self.plan.ringback, words[Side.CUSTOMER], over_s))
        joined_s = monotonic_s()
        await asyncio.sleep(self.plan.talk_s)
        ends_s = monotonic_s()
        agent = caller.heard().since(joined_s).of(words[Side.AGENT])
        customer = far.heard().since(joined_s).of(words[Side.CUSTOMER])
        self.tell(judge_talk(agent, customer, ends_s - joined_s))
        await self._hang_up()
        return PlacedCall(
            call_id=self.call.dialog.call_id.decode(),
            begun_at=begun_at,
            joined_s=monotonic_s() - over_s,
            customer=customer.sound()[-_LAST_WORDS:],
            agent=agent.sound()[-_LAST_WORDS:],
        )

    async def _hang_up(self) -> None:
        status = 0
        try:
            status = await self.call.end()
            async with asyncio.timeout(HANG_UP_S):
                await self.far.ended.wait()
        except (PeerSilent, PeerGone, TimeoutError):
            self.tell(StepOutcome(Step.HUNG_UP, passed=False, figures={"status": status}))
        else:
            self.tell(StepOutcome(Step.HUNG_UP, passed=True, figures={"status": status}))


async def place_inline_call(plan: InlinePlan, tell: Tell) -> PlacedCall:
    """Place the call and tell each step as it is over; what was placed.

    Raises `StoppedAt` where it never came about, or `OSError` for an address that is taken.
    """
    async with AsyncExitStack() as stack:
        signalling = await stack.enter_async_context(connect(plan.target, plan.host))
        sources = stack.enter_context(open_sources(plan.host, len(Side), RECEIVE_BUFFER_BYTES))
        far = await stack.enter_async_context(far_side((plan.host, plan.port), sources[1].port))
        engine = stack.enter_context(MediaEngine(sources, max_streams=1, slots=len(Side)))
        call = OutgoingCall(signalling, plan.target, sources[0].port, user=CALLER, called=CALLED)
        ears = {
            side: stack.enter_context(listening_on(source.rtp))
            for side, source in zip(Side, sources, strict=True)
        }
        scene = _Scene(plan, call, far, ears, _speakers(engine, sources), tell)
        try:
            return await scene.play()
        finally:
            call.forget()


def _speakers(engine: MediaEngine, sources: list[Source]) -> dict[Side, Speaker]:
    return {
        side: Speaker(side, engine, source, number)
        for number, (side, source) in enumerate(zip(Side, sources, strict=True))
    }
