"""Tests of one inline call with both its ends, through a server of a few lines."""

import asyncio
from dataclasses import replace

import numpy as np
import pytest

from archive.reading.sound.g711 import decode
from rokuon.selftest import inline_call
from rokuon.selftest.call_verdict import Step, StepOutcome
from rokuon.selftest.inline_call import InlinePlan, PlacedCall, StoppedAt, place_inline_call
from rokuon.selftest.likeness import best_match
from rokuon.selftest.speech_files import Language, Side, continuous_speech, speech
from tests.rokuon.selftest.bridge import HOST, Bridge, bridging, free_port

NOTICE = continuous_speech(Language.ENGLISH, Side.AGENT)[: 160 * 60]
TONE = continuous_speech(Language.ENGLISH, Side.CUSTOMER)[: 160 * 50]


def sound(frames: bytes) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    return decode(np.frombuffer(frames, np.uint8), "PCMU")


async def placed(bridge: Bridge, port: int) -> tuple[PlacedCall, dict[Step, bool]]:
    told: list[StepOutcome] = []
    async with bridging(bridge) as target:
        plan = InlinePlan(
            target=target,
            host=HOST,
            port=port,
            notice=sound(NOTICE),
            ringback=sound(TONE),
            talk_s=0.5,
        )
        try:
            call = await place_inline_call(plan, told.append)
        except StoppedAt:
            call = PlacedCall(
                call_id="", begun_at=inline_call.now(), joined_s=0, customer=sound(b""),
                agent=sound(b""),
            )  # fmt: skip
    return call, {outcome.step: outcome.passed for outcome in told}


def honest() -> Bridge:
    return Bridge(notice=NOTICE, ringback=TONE, calls=(HOST, free_port()))


def port_of(bridge: Bridge) -> int:
    assert bridge.calls is not None
    return bridge.calls[1]


async def test_a_call_that_runs_as_it_should_passes_every_step() -> None:
    """And says what either side has said at last, as the other heard it."""
    bridge = honest()
    call, steps = await placed(bridge, port_of(bridge))

    assert steps == dict.fromkeys(
        (Step.ANSWERED, Step.NOTICE, Step.RINGBACK, Step.TALK, Step.HUNG_UP), True
    )
    for heard, side in ((call.customer, Side.CUSTOMER), (call.agent, Side.AGENT)):
        said = sound(continuous_speech(Language.JAPANESE, side))
        assert best_match(said, heard).likeness > 0.9
    assert call.call_id.endswith("@" + HOST)
    assert call.joined_s > 0.5


@pytest.mark.parametrize(
    ("wrong", "fails"),
    [
        ({"notice": speech(Language.JAPANESE, Side.AGENT)[: len(NOTICE)]}, Step.NOTICE),
        ({"leaks": True}, Step.NOTICE),
        ({"leaks": True}, Step.RINGBACK),
        ({"ringback": bytes([0xFF]) * 160}, Step.RINGBACK),
        ({"notice": NOTICE * 3}, Step.TALK),
        ({"passes_bye": False}, Step.HUNG_UP),
    ],
    ids=["notice", "leak to caller", "leak to far side", "no tone", "not joined", "no BYE"],
)
async def test_what_goes_wrong_fails_in_its_own_step(
    wrong: dict[str, object], fails: Step, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The advice is of that step."""
    monkeypatch.setattr(inline_call, "HANG_UP_S", 0.2)
    bridge = replace(honest(), **wrong)  # type: ignore[arg-type]  # any field
    _, steps = await placed(bridge, port_of(bridge))

    assert steps[Step.ANSWERED]
    assert not steps[fails]


async def test_a_call_that_is_broken_off_is_hung_up() -> None:
    """Ctrl-C during the notice: the node must not wait for media that never come."""
    bridge = honest()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(placed(bridge, port_of(bridge)), 0.5)

    assert bridge.methods[0] == b"INVITE"
    assert bridge.methods[-1] == b"BYE"


async def test_a_refusal_is_the_last_step() -> None:
    """There is nothing to hear."""
    bridge = replace(honest(), refuses_with=480)
    _, steps = await placed(bridge, port_of(bridge))

    assert steps == {Step.ANSWERED: False}


async def test_a_call_that_somebody_else_answered_is_hung_up_at_once() -> None:
    """Whoever it is, it is nobody who wants to hear a self-test."""
    bridge = replace(honest(), calls=None)
    _, steps = await placed(bridge, free_port())

    assert steps == {Step.ANSWERED: False}
    assert bridge.methods == [b"INVITE", b"ACK", b"BYE"]
