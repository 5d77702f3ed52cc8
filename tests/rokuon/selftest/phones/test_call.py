"""One inline call from a phone that is a program, through a server of a few lines."""

import asyncio
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from archive.reading.sound.g711 import decode
from rokuon.selftest.call_verdict import KEPT_SLACK_S, Step, StepOutcome
from rokuon.selftest.inline_call import InlinePlan, PlacedCall, StoppedAt
from rokuon.selftest.likeness import best_match
from rokuon.selftest.phones import call as phone_call, program as phone_program
from rokuon.selftest.phones.call import heard_in, place_phone_call, server_of
from rokuon.selftest.phones.kinds import Handset, Phone
from rokuon.selftest.phones.program import PhoneFailed
from rokuon.selftest.signalling import Target
from rokuon.selftest.speech_files import Language, Side, continuous_speech
from tests import ROOT
from tests.rokuon.selftest.bridge import HOST, Bridge, bridging, free_port

NOTICE = continuous_speech(Language.ENGLISH, Side.AGENT)[: 160 * 100]
TONE = continuous_speech(Language.ENGLISH, Side.CUSTOMER)[: 160 * 50]
HANDSET = Handset(Phone.PJSUA2, Path(sys.executable))


def sound(frames: bytes) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    return decode(np.frombuffer(frames, np.uint8), "PCMU")


@pytest.fixture(autouse=True)
def _stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the program of the phone be one that needs no library."""
    runs = "import runpy; runpy.run_module('tests.rokuon.selftest.handset', run_name='__main__')"
    (tmp_path / "pjsua.py").write_text(f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{runs}\n")
    monkeypatch.setattr(phone_program, "_PROGRAMS", tmp_path)


def honest() -> Bridge:
    return Bridge(notice=NOTICE, ringback=TONE, calls=(HOST, free_port()))


async def placed(bridge: Bridge, told: list[StepOutcome]) -> PlacedCall:
    port = bridge.calls[1] if bridge.calls else free_port()
    async with bridging(bridge) as target:
        plan = InlinePlan(
            target=target, host=HOST, port=port, notice=sound(NOTICE), ringback=sound(TONE),
            talk_s=2.5,
        )  # fmt: skip
        return await place_phone_call(plan, HANDSET, told.append)


class Told(list[StepOutcome]):
    """What was told; somebody waits for the first of it."""

    def __init__(self) -> None:
        super().__init__()
        self.first = asyncio.Event()

    def append(self, outcome: StepOutcome) -> None:
        super().append(outcome)
        self.first.set()


def steps(told: list[StepOutcome]) -> dict[Step, bool]:
    return {outcome.step: outcome.passed for outcome in told}


async def test_a_call_that_runs_as_it_should_passes_every_step() -> None:
    """In their order; and it says what lies in the lanes of the recording."""
    told: list[StepOutcome] = []
    call = await placed(honest(), told)

    wanted = (Step.ANSWERED, Step.NOTICE, Step.RINGBACK, Step.TALK, Step.HUNG_UP)
    assert list(steps(told).items()) == [(step, True) for step in wanted], told
    for heard, side in ((call.customer, Side.CUSTOMER), (call.agent, Side.AGENT)):
        said = sound(continuous_speech(Language.JAPANESE, side))
        assert best_match(np.tile(said, 2), heard).likeness > 0.9
    assert call.call_id.endswith("@" + HOST)
    assert call.joined_s > 0
    assert call.slack_s > KEPT_SLACK_S


async def test_a_call_whose_sides_are_never_joined_fails_where_they_are_to_hear_each_other() -> (
    None
):
    """And a BYE that does not come through is told last."""
    told: list[StepOutcome] = []
    bridge = replace(honest(), notice=NOTICE * 6, passes_bye=False)
    await placed(bridge, told)

    assert steps(told)[Step.ANSWERED]
    assert not steps(told)[Step.TALK]
    assert not steps(told)[Step.HUNG_UP]


async def test_a_refusal_is_the_last_step_and_has_the_status() -> None:
    """There is nothing to hear."""
    told: list[StepOutcome] = []
    with pytest.raises(StoppedAt):
        await placed(replace(honest(), refuses_with=480), told)

    assert steps(told) == {Step.ANSWERED: False}
    assert told[0].figures["status"] == 480


async def test_a_call_that_somebody_else_answered_is_hung_up_at_once() -> None:
    """The end of the phone's orders is the end of its call."""
    told: list[StepOutcome] = []
    bridge = replace(honest(), calls=None)
    with pytest.raises(StoppedAt):
        await placed(bridge, told)

    assert steps(told) == {Step.ANSWERED: False}
    assert bridge.methods == [b"INVITE", b"ACK", b"BYE"]


async def test_a_call_that_is_broken_off_is_hung_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the middle: the node must not wait for media that never come."""
    monkeypatch.setattr(phone_call, "SETTLE_S", 60.0)
    bridge, told = honest(), Told()
    running = asyncio.ensure_future(placed(bridge, told))
    await told.first.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert told[0].passed
    assert b"BYE" in bridge.methods


def test_a_server_that_listens_everywhere_is_called_on_loopback() -> None:
    """0.0.0.0 is no address to call."""
    assert server_of(Target(host="0.0.0.0", port=5_060)) == ("127.0.0.1", 5_060)  # noqa: S104  # as configured
    assert server_of(Target(host="192.0.2.1", port=5_060)) == ("192.0.2.1", 5_060)


def test_a_file_of_eight_bits_is_read_and_one_that_is_none_is_told(tmp_path: Path) -> None:
    """pyVoIP writes such; a phone that was killed writes none."""
    heard = sound(NOTICE)
    soundfile.write(tmp_path / "heard.wav", heard, 8_000, subtype="PCM_U8")
    soundfile.write(tmp_path / "wide.wav", heard, 16_000)

    assert np.abs(heard_in(tmp_path / "heard.wav").astype(int) - heard).max() < 512
    for unusable in ("none.wav", "wide.wav"):
        with pytest.raises(PhoneFailed):
            heard_in(tmp_path / unusable)
