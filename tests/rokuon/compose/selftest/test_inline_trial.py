"""A whole inline call: placed, found, heard. The call itself is a stand-in; the archive is not."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from archive.ids import ConversationId
from rokuon.compose.selftest import inline_trial, own_calls
from rokuon.compose.selftest.inline_route import BLOCK, selftest_route
from rokuon.compose.selftest.inline_trial import run_inline_selftest
from rokuon.compose.selftest.own_calls import heard_lanes
from rokuon.config.load import parse
from rokuon.config.schema import Config
from rokuon.messages.errors import NotReady
from rokuon.selftest.call_verdict import Step, StepOutcome
from rokuon.selftest.inline_call import InlinePlan, PlacedCall, StoppedAt, Tell
from rokuon.selftest.phones.kinds import Handset, Phone
from rokuon.selftest.phones.program import PhoneFailed
from tests.archive.reading.scenes import START_US
from tests.own_archive import find_all
from tests.rokuon.installation import SECONDS, Installation

BEGIN = datetime.fromtimestamp(START_US / 1e6, UTC)


def routed(site: Installation) -> Config:
    """The installation with the self-test's route."""
    read = parse(BLOCK, name="-", base=Path("/data"))
    return replace(site.config, source=read.source, target=read.target, route=read.route)


class Called:
    """Stands for the call: says that it was this one, and what was said in it."""

    def __init__(self, call_id: str, call: ConversationId, site: Installation) -> None:
        lanes = {lane.side: lane.samples for lane in heard_lanes(site.config, call)}
        self.call_id, self.lanes = call_id, lanes
        self.plan: InlinePlan | None = None

    async def __call__(self, plan: InlinePlan, tell: Tell) -> PlacedCall:
        self.plan = plan
        tell(StepOutcome(Step.ANSWERED, passed=True, figures={}))
        return PlacedCall(
            call_id=self.call_id,
            begun_at=BEGIN,
            joined_s=float(SECONDS),
            customer=self.lanes["customer"],
            agent=self.lanes["agent"],
        )


@pytest.fixture
def called(site: Installation, monkeypatch: pytest.MonkeyPatch) -> Called:
    call = ConversationId.parse(find_all(site.config)[0]["call"])
    stand_in = Called("one@example", call, site)
    monkeypatch.setattr(inline_trial, "place_inline_call", stand_in)
    return stand_in


def steps(site: Installation) -> dict[Step, bool]:
    told: list[StepOutcome] = []
    config = routed(site)
    outcomes = run_inline_selftest(config, selftest_route(config), told.append)
    assert outcomes == told
    return {outcome.step: outcome.passed for outcome in outcomes}


def test_the_recording_is_found_by_its_call_id_and_heard(
    site: Installation, called: Called
) -> None:
    """This one has no lane of a notice, and that is told; nothing else is wrong with it."""
    assert steps(site) == {
        Step.ANSWERED: True,
        Step.FOUND: True,
        Step.LANES: False,
        Step.GATE: True,
    }
    assert called.call_id == "one@example"


def test_what_is_to_be_heard_is_the_prompt_of_the_route_as_a_telephone_hears_it(
    site: Installation, called: Called
) -> None:
    """In whole packets, at 8 kHz; the Japanese notice lasts 7.82 s."""
    steps(site)

    assert called.plan is not None
    assert called.plan.notice_s == pytest.approx(7.82, abs=0.02)
    assert len(called.plan.notice) % 160 == 0
    assert np.abs(called.plan.ringback).max() > 1_000
    assert (called.plan.host, called.plan.port) == ("127.0.0.9", 5_099)


def test_a_recording_that_is_never_found_is_told_and_the_last_step(
    site: Installation, called: Called, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The keeper may not be running."""
    called.call_id = "nobody@example"
    monkeypatch.setattr(own_calls, "FOUND_WITHIN_S", 0.2)
    monkeypatch.setattr(own_calls, "_LOOK_EVERY_S", 0.05)

    assert steps(site) == {Step.ANSWERED: True, Step.FOUND: False}


def test_a_call_that_did_not_come_about_is_not_looked_for(
    site: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was told is all there is."""

    async def refused(_plan: InlinePlan, tell: Tell) -> PlacedCall:
        tell(StepOutcome(Step.ANSWERED, passed=False, figures={"status": 404}))
        raise StoppedAt

    monkeypatch.setattr(inline_trial, "place_inline_call", refused)

    assert steps(site) == {Step.ANSWERED: False}


def test_a_phone_calls_where_one_was_given_and_its_failure_is_named(
    site: Installation, called: Called, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Our own caller has nothing to do with it; the recording is looked for as before."""
    config, handset = routed(site), Handset(Phone.PJSUA2, Path("python"))
    used: list[Handset] = []

    async def by_phone(plan: InlinePlan, handset: Handset, tell: Tell) -> PlacedCall:
        used.append(handset)
        return await called(plan, tell)

    async def broken(_plan: InlinePlan, _handset: Handset, _tell: Tell) -> PlacedCall:
        raise PhoneFailed("out of memory")

    async def unwanted(_plan: InlinePlan, _tell: Tell) -> PlacedCall:
        raise AssertionError

    monkeypatch.setattr(inline_trial, "place_inline_call", unwanted)
    monkeypatch.setattr(inline_trial, "place_phone_call", by_phone)
    told = run_inline_selftest(config, selftest_route(config), lambda _outcome: None, handset)
    monkeypatch.setattr(inline_trial, "place_phone_call", broken)

    assert used == [handset]
    assert Step.FOUND in {outcome.step for outcome in told}
    with pytest.raises(NotReady, match="out of memory"):
        run_inline_selftest(config, selftest_route(config), lambda _outcome: None, handset)


def test_a_notice_that_cannot_be_read_is_named_before_anybody_is_called(
    site: Installation, tmp_path: Path
) -> None:
    """The call would be blocked; here is why."""
    broken = tmp_path / "own.wav"
    broken.write_bytes(b"no sound")
    text = BLOCK.replace("notice-ja", "own") + f'[[prompt]]\nname = "own"\nfile = "{broken}"\n'
    config = parse(text, name="-", base=site.folder)

    with pytest.raises(NotReady, match="rokuon prompt check"):
        run_inline_selftest(config, selftest_route(config), lambda _outcome: None)
