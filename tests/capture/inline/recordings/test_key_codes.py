"""Codes that the agent keys."""

from dataclasses import replace

import pytest

from capture.inline.recordings.key_codes import PATIENCE_US
from capture.links.relay_messages import Keyed, Side
from capture.recording.outputs import Now
from capture.recording.pause_control import overran
from tests.capture.inline.stage import ROUTE, Stage

CODED = replace(ROUTE, pause_code="*7", resume_code="*8", direction="inbound")


def keys(stage: Stage, digits: str, *, side: Side = Side.CALLEE, apart_us: int = 1000) -> None:
    (bridged,) = stage.inline.calls
    for digit in digits:
        at_us = max(bridged.pressed.at_us, stage.now.us) + apart_us
        told = Keyed(call=bridged.key, side=side, digit=digit, at_us=at_us)
        stage._did(stage.inline.relay_said(told, stage.now))
        (bridged,) = stage.inline.calls


def paused(stage: Stage) -> bool:
    (session,) = stage.node.sessions
    return any(each.pause is not None for each in session.live)


@pytest.fixture
def coded() -> Stage:
    return Stage(routes=(CODED,)).talking()


def test_the_agent_pauses_and_resumes_by_his_keys(coded: Stage) -> None:
    """Whatever he has keyed before; a code that is keyed twice changes nothing."""
    keys(coded, "123*7")
    assert paused(coded)
    keys(coded, "*7")
    assert paused(coded)
    keys(coded, "*8")
    assert not paused(coded)
    keys(coded, "*8")
    (session,) = coded.node.sessions
    assert [each.reason for each in session.recordings[0].pauses] == ["keys"]


def test_a_customers_keys_are_his_own_affair(coded: Stage) -> None:
    """Who is recorded does not decide it; the code may be part of his number."""
    keys(coded, "*7", side=Side.CALLER)

    assert not paused(coded)


def informs(stage: Stage, digits: str, cseq: int = 2) -> Stage:
    """The callee sends each key as an INFO of its own."""
    for number, digit in enumerate(digits, cseq):
        body = b"Signal=%s\r\nDuration=160\r\n" % digit.encode()
        stage.b_inside(b"INFO", number, body=body, kind=b"application/dtmf-relay")
    return stage


def test_the_agents_keys_count_in_info_too(coded: Stage) -> None:
    """A telephone that has no RFC 4733; the last key of a code goes no further, others do."""
    informs(coded, "1*")
    coded.then("a: INFO")
    assert not paused(coded)
    informs(coded, "7", 4)
    coded.then("b: 200 INFO")
    assert paused(coded)
    informs(coded, "*8", 5)
    assert not paused(coded)


def test_a_code_may_come_half_in_the_media_and_half_in_info(coded: Stage) -> None:
    """They are the same keys."""
    keys(coded, "*")
    informs(coded, "7")

    assert paused(coded)


def test_a_customers_keys_in_info_are_no_code_and_cross(coded: Stage) -> None:
    """He talks to the agent's menu."""
    for cseq, digit in ((2, b"*"), (3, b"7")):
        coded.a_inside(b"INFO", cseq, body=digit, kind=b"application/dtmf")
        coded.then("b: INFO")

    assert not paused(coded)


def test_who_was_told_may_refuse_by_info_too() -> None:
    """The key is his, however it travels, and the other side hears of it."""
    stage = Stage(routes=(replace(ROUTE, refusal_key="9"),)).answered()
    stage.a_inside(b"INFO", 2, body=b"9", kind=b"application/dtmf")

    stage.then("b: INFO")
    assert not stage.relay_call().is_landed


def test_who_waits_between_two_keys_has_begun_anew(coded: Stage) -> None:
    """Two keys of a menu are no code."""
    keys(coded, "*")
    keys(coded, "7", apart_us=PATIENCE_US + 1)

    assert not paused(coded)


def test_without_codes_keys_mean_nothing() -> None:
    """Not even that they are kept."""
    stage = Stage(routes=(replace(ROUTE, direction="inbound"),)).talking()
    keys(stage, "*7")
    (bridged,) = stage.inline.calls

    assert (paused(stage), bridged.pressed.digits) == (False, "")


def test_a_pause_by_keys_ends_after_the_longest_one_of_the_route() -> None:
    """Not after that of the source."""
    stage = Stage(routes=(replace(CODED, pause_max_s=42),)).talking()
    keys(stage, "*7")
    (session,) = stage.node.sessions

    (asked,) = session.recordings[0].pauses
    late_us = asked.asked_us + 42_000_000
    assert not any(overran(stage.node, Now(0, late_us - 1)))
    assert any(overran(stage.node, Now(0, late_us)))
