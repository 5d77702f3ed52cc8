"""A real call through everything that is inline: SIP, notice, bridge, recording, search, playback.

Knows where things lie, nothing of SIP or of how a step is judged.
"""

import asyncio
from contextlib import suppress
from typing import Final

import numpy as np
from numpy.typing import NDArray

from archive.ids import ConversationId
from archive.reading.sound.g711 import decode
from capture.prompts.encoder import encode
from capture.prompts.sound import Sound, SoundUnreadable, read_file, sound_in
from capture.prompts.tones import (
    RINGBACK_EUROPE,
    RINGBACK_JAPAN,
    RINGBACK_NORTH_AMERICA,
    Tone,
    sound_of,
)
from rokuon.compose.capture.switch import prompts_of
from rokuon.compose.selftest.inline_route import SelftestRoute
from rokuon.compose.selftest.own_calls import find_own_call, heard_lanes
from rokuon.compose.selftest.own_target import own_target
from rokuon.config.schema import Config
from rokuon.messages.errors import NotReady
from rokuon.messages.i18n import tr
from rokuon.selftest.call_verdict import (
    RATE_HZ,
    RecordedLane,
    Step,
    StepOutcome,
    judge_gate,
    judge_lanes,
)
from rokuon.selftest.inline_call import InlinePlan, PlacedCall, StoppedAt, Tell, place_inline_call
from rokuon.selftest.phones.call import place_phone_call
from rokuon.selftest.phones.kinds import Handset
from rokuon.selftest.phones.program import PhoneFailed

Audio = NDArray[np.int16]
_TONES: Final[dict[str, Tone]] = {
    "jp": RINGBACK_JAPAN,
    "eu": RINGBACK_EUROPE,
    "us": RINGBACK_NORTH_AMERICA,
}


def run_inline_selftest(
    config: Config, route: SelftestRoute, tell: Tell, handset: Handset | None = None
) -> list[StepOutcome]:
    """Place the call, by our own caller or a phone, find it again, hear it; each step is told.

    Raises `NotReady` where the call cannot be tried, `OSError`, or what reading a call raises.
    """
    outcomes: list[StepOutcome] = []

    def told(outcome: StepOutcome) -> None:
        outcomes.append(outcome)
        tell(outcome)

    plan = _plan(config, route)
    # The step that failed has been told, and none comes after it.
    with suppress(StoppedAt):
        asyncio.run(_whole(config, plan, told, handset))
    return outcomes


def _plan(config: Config, route: SelftestRoute) -> InlinePlan:
    return InlinePlan(
        target=own_target(config),
        host=route.host,
        port=route.port,
        notice=_notice(config, route),
        ringback=_as_heard(sound_of(_TONES[route.route.ringback], RATE_HZ)),
    )


def _notice(config: Config, route: SelftestRoute) -> Audio:
    """Everything that the route plays, one after the other, as a telephone hears it."""
    known, language = dict(prompts_of(config)), route.route.language.lower()
    try:
        prompts = [known.get(f"{name}/{language}") or known[name] for name in route.route.notice]
        sounds = [sound_in(read_file(prompt.path)) for prompt in prompts]
    except (KeyError, SoundUnreadable, OSError) as broken:
        raise NotReady(
            tr("the notice of route selftest cannot be played: rokuon prompt check says why")
        ) from broken
    return np.concatenate([_as_heard(sound) for sound in sounds])


def _as_heard(sound: Sound) -> Audio:
    frames = b"".join(encode(sound, "PCMU").frames)
    return decode(np.frombuffer(frames, np.uint8), "PCMU")


async def _whole(config: Config, plan: InlinePlan, tell: Tell, handset: Handset | None) -> None:
    placed = await _placed(plan, tell, handset)
    call = await _found(config, placed, tell)
    lanes = await asyncio.to_thread(_lanes, config, call)
    tell(judge_lanes(lanes, placed.customer, placed.agent, plan.notice))
    tell(judge_gate(lanes, placed.joined_s, placed.slack_s))


async def _placed(plan: InlinePlan, tell: Tell, handset: Handset | None) -> PlacedCall:
    if handset is None:
        return await place_inline_call(plan, tell)
    try:
        return await place_phone_call(plan, handset, tell)
    except PhoneFailed as failed:
        said = tr("the phone failed: {text}").format(text=failed)
        raise NotReady(said) from failed


async def _found(config: Config, placed: PlacedCall, tell: Tell) -> ConversationId:
    """The id of the call, as `calls find --id` finds it."""
    found, waited_s = await find_own_call(config, placed.call_id, placed.begun_at)
    tell(StepOutcome(Step.FOUND, len(found) == 1, {"seconds": round(waited_s, 1)}))
    if not found:
        raise StoppedAt
    return found[0]


def _lanes(config: Config, call: ConversationId) -> tuple[RecordedLane, ...]:
    return tuple(
        RecordedLane(lane.side, np.ascontiguousarray(lane.samples[:: lane.rate_hz // RATE_HZ]))
        for lane in heard_lanes(config, call)
    )
