"""What is due by the clock alone."""

import dataclasses

from capture.inline.deadlines import due
from capture.inline.state.call_events import (
    BeepDue,
    ComfortDue,
    HeldTooLong,
    OfTransferTarget,
    RangTooLong,
)
from capture.links.relay_messages import Outcome, Side
from tests.capture.inline.stage import PBX, ROUTE, Stage, sdp
from tests.support.inline.telling import CAROL, TO_CAROL


def dues(stage: Stage, seconds: float) -> list[object]:
    """What is due of the one call so long from now."""
    stage.now_s += seconds
    (bridged,) = stage.inline.calls
    return list(due(stage.exchange, bridged, stage.now))


def test_a_callee_rings_as_long_as_the_route_says() -> None:
    """From when he was called."""
    stage = Stage(routes=(dataclasses.replace(ROUTE, ring_s=30),)).calls().b(100)

    assert dues(stage, 30) == []
    assert dues(stage, 1) == [RangTooLong()]


def test_a_callee_of_whom_nothing_came_was_not_reached() -> None:
    """A route may wait less long than a transaction, which would have told it by itself."""
    stage = Stage(routes=(dataclasses.replace(ROUTE, ring_s=5),)).calls()

    assert dues(stage, 6) == [RangTooLong(is_reached=False)]


def test_a_caller_who_is_answered_does_not_wait_in_silence() -> None:
    """Two seconds after the callee was called."""
    stage = Stage(routes=(dataclasses.replace(ROUTE, notice_when="answer-first"),)).calls()
    stage.a_inside(b"ACK", 1).played()

    assert dues(stage, 1.5) == []
    assert dues(stage, 0.6) == [ComfortDue()]


def test_so_does_who_is_to_take_a_place() -> None:
    """The transfer fails, the call goes on."""
    route = dataclasses.replace(ROUTE, ring_s=30)
    stage = Stage(routes=(route,), targets=(PBX, CAROL)).talking().b_inside(b"REFER", 1, TO_CAROL)

    assert dues(stage, 30) == []
    assert dues(stage, 1) == [OfTransferTarget(RangTooLong(is_reached=False))]


def test_a_beep_is_due_in_its_time() -> None:
    """While both talk."""
    stage = Stage(routes=(dataclasses.replace(ROUTE, beep_s=15),)).talking()

    assert dues(stage, 14) == []
    assert dues(stage, 1) == [BeepDue()]


def test_who_holds_during_his_notice_is_waited_for_as_long_as_somebody_may_ring() -> None:
    """From when he began to."""
    stage = Stage(routes=(dataclasses.replace(ROUTE, ring_s=30),)).answered()
    stage.now_s += 20
    holds = sdp("192.0.2.1", 4000, "a=sendonly", version=2)
    stage.a_inside(b"INVITE", 2, body=holds).played(Outcome.CUT_SHORT)

    assert dues(stage, 30) == []
    assert dues(stage, 1) == [HeldTooLong(Side.CALLER)]
