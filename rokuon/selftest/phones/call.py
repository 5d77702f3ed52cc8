"""One inline call whose caller is a phone that nobody here wrote; the far side is our own.

Knows the phone by its orders and events, the server by its address.
"""

import asyncio
import socket
import tempfile
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final

import numpy as np
import soundfile
from numpy.typing import NDArray

from archive.reading.sound.g711 import decode
from rokuon.machine.clock import monotonic_s, now
from rokuon.selftest.call_verdict import KEPT_SLACK_S, Step, StepOutcome
from rokuon.selftest.caller import ANSWER_S
from rokuon.selftest.ear import RECEIVE_BUFFER_BYTES, Ear, listening_on
from rokuon.selftest.engine import MediaEngine
from rokuon.selftest.far_side import FarSide, far_side
from rokuon.selftest.inline_call import (
    CALLED,
    CALLER,
    HANG_UP_S,
    SETTLE_S,
    InlinePlan,
    PlacedCall,
    StoppedAt,
    Tell,
)
from rokuon.selftest.phones.kinds import KINDS, Handset, Station, order_to_call, settings_of
from rokuon.selftest.phones.program import OrderFailed, PhoneFailed, PhoneProgram, running
from rokuon.selftest.signalling import Target
from rokuon.selftest.sound_verdict import PHONE_DELAY_S, judge_notice, judge_ringback, judge_talk
from rokuon.selftest.sources import open_sources
from rokuon.selftest.speaker import Speaker
from rokuon.selftest.speech_files import Language, Side, continuous_speech
from rokuon.selftest.speech_search import RATE

Audio = NDArray[np.int16]
_SPEECH: Final = {side: continuous_speech(Language.JAPANESE, side) for side in Side}
_LOOPBACK: Final = "127.0.0.1"
# Either phone's word for a call that is over.
_OVER: Final = ("disconnected", "ended")


@dataclass(frozen=True, slots=True)
class _Talked:
    begun_at: datetime
    call_id: str
    ended_s: float
    hung_up: StepOutcome
    heard: Audio


@dataclass(frozen=True, slots=True)
class _Scene:
    """Everything that is open while the call is up."""

    plan: InlinePlan
    handset: Handset
    phone: PhoneProgram
    folder: Path
    far: FarSide
    ear: Ear
    speaker: Speaker
    tell: Tell

    async def play(self) -> PlacedCall:
        """From the order to call to the judgement."""
        begun_at = now()
        call, call_id = await self._answered()
        try:
            self.speaker.speak(_SPEECH[Side.AGENT], await self.far.voice_to)
            await asyncio.sleep(self.plan.notice_s + SETTLE_S + self.plan.talk_s)
        finally:
            ended_s, hung_up = await self._hang_up(call)
            await self.speaker.rest()
        heard = heard_in(self.folder / f"heard-{call}.wav")
        return self._judged(_Talked(begun_at, call_id, ended_s, hung_up, heard))

    async def _answered(self) -> tuple[int, str]:
        """Call, and wait for the far side's answer; the phone's number of the call, its Call-ID."""
        asked_s, kind = monotonic_s(), KINDS[self.handset.phone]
        event = await self._called(kind.up)
        setup_ms = round(1_000 * (monotonic_s() - asked_s), 1)
        is_up = event.get("state") == kind.up
        is_ours = is_up and self.far.voice_to.done()
        status = 200 if is_up else event.get("code", 0)
        self.tell(StepOutcome(Step.ANSWERED, is_ours, {"status": status, "setup_ms": setup_ms}))
        if not is_ours:
            raise StoppedAt
        return event["call"], event["call_id"]

    async def _called(self, up: str) -> Mapping[str, Any]:
        """What was told last: that the call is up, or over; nothing where nobody answered."""
        order = order_to_call(self.handset.phone, CALLED, server_of(self.plan.target))
        states = [{"event": "state", "state": state} for state in (up, *_OVER)]
        try:
            async with asyncio.timeout(ANSWER_S):
                await self.phone.order("call", order)
                return await self.phone.told(*states)
        except (TimeoutError, OrderFailed):
            # pyVoIP knows few refusals, and loses itself in the others.
            return {}

    async def _hang_up(self, call: int) -> tuple[float, StepOutcome]:
        asked_s = monotonic_s()
        passed = True
        try:
            await self.phone.order("hang_up", {"call": call})
            async with asyncio.timeout(HANG_UP_S):
                await self.far.ended.wait()
                await self.phone.told({"event": "over", "call": call})
        except (TimeoutError, OrderFailed):
            passed = False
        figures = {"seconds": round(monotonic_s() - asked_s, 1)}
        return asked_s, StepOutcome(Step.HUNG_UP, passed, figures)

    def _judged(self, talked: _Talked) -> PlacedCall:
        said = {side: _sound(_SPEECH[side]) for side in Side}
        heard, far = talked.heard, self.ear.heard()
        noticed = judge_notice(heard, self.plan.notice, said[Side.AGENT])
        self.tell(noticed.outcome)
        joined_s = len(heard) / RATE - noticed.over_s
        over_s = talked.ended_s - joined_s
        self.tell(judge_ringback(far, self.plan.ringback, said[Side.CUSTOMER], over_s))
        after = heard[int(noticed.over_s * RATE) :]
        talk = judge_talk(after, far, said[Side.CUSTOMER], said[Side.AGENT])
        self.tell(talk.outcome)
        self.tell(talked.hung_up)
        return PlacedCall(
            call_id=talked.call_id,
            begun_at=talked.begun_at,
            joined_s=joined_s,
            customer=talk.customer,
            agent=talk.agent,
            slack_s=KEPT_SLACK_S + PHONE_DELAY_S,
        )


async def place_phone_call(plan: InlinePlan, handset: Handset, tell: Tell) -> PlacedCall:
    """Have the phone call, and tell each step; but for the answer they are told when it is over.

    Raises `StoppedAt` where the call never came about, `PhoneFailed`, or `OSError` for an address
    that is taken.
    """
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rokuon-")))
        [source] = stack.enter_context(open_sources(plan.host, 1, RECEIVE_BUFFER_BYTES))
        far = await stack.enter_async_context(far_side((plan.host, plan.port), source.port))
        engine = stack.enter_context(MediaEngine([source], max_streams=1, slots=1))
        ear = stack.enter_context(listening_on(source.rtp))
        settings = settings_of(handset.phone, _station(plan, folder))
        program = running(handset.python, KINDS[handset.phone].program, folder, settings)
        phone = await stack.enter_async_context(program)
        speaker = Speaker(Side.AGENT, engine, source, 0)
        return await _Scene(plan, handset, phone, folder, far, ear, speaker, tell).play()


def server_of(target: Target) -> tuple[str, int]:
    """Where the phone calls: a server that listens everywhere is called on loopback."""
    is_anywhere = ip_address(target.host).is_unspecified
    return (_LOOPBACK if is_anywhere else target.host, target.port)


def heard_in(file: Path) -> Audio:
    """What a phone has written of what it heard. Raises `PhoneFailed`."""
    try:
        samples, rate = soundfile.read(file, dtype="int16")
    except soundfile.SoundFileError as broken:
        raise PhoneFailed(str(broken)) from broken
    if rate != RATE:
        raise PhoneFailed(f"{rate} Hz")
    return np.asarray(samples, np.int16)


def _station(plan: InlinePlan, folder: Path) -> Station:
    """At ports that are free now; the phone binds them itself."""
    says = folder / "says.wav"
    soundfile.write(says, _sound(_SPEECH[Side.CUSTOMER]), RATE, subtype="PCM_16")
    with open_sources(plan.host, 1) as [media]:
        media_port = media.port
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trial:
        trial.bind((plan.host, 0))
        port = int(trial.getsockname()[1])
    return Station(
        folder=folder,
        says=says,
        host=plan.host,
        port=port,
        media_port=media_port,
        server=server_of(plan.target),
        user=CALLER,
    )


def _sound(speech: bytes) -> Audio:
    return decode(np.frombuffer(speech, np.uint8), "PCMU")
