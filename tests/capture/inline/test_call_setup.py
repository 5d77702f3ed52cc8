"""Which calls are taken, by which plan, at which seats."""

import dataclasses

import pytest

from archive.call.events import Flagged, RecordingBegan
from capture.admission.capacity import Full
from capture.inline.call_setup import PAIRS
from capture.inline.state.exchange import RESERVED_PAIRS, Switch
from capture.sip.build import Header
from tests.capture.inline.stage import (
    ANSWER,
    OFFER,
    PAIRS as NODE_PAIRS,
    ROUTE,
    TRUNK,
    WORKERS,
    Stage,
    from_caller,
)

VIDEO = b"m=video 6000 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"


def routed(**changes: object) -> Stage:
    """A node whose one route is changed."""
    return Stage(routes=(dataclasses.replace(ROUTE, **changes),))  # type: ignore[arg-type]


def test_the_seats_are_two_pairs_of_one_worker() -> None:
    """They share a file, and so a worker."""
    stage = Stage().calls()
    (bridged,) = stage.inline.calls
    pairs = (bridged.call.caller.pair, bridged.call.callee.pair)

    assert len(set(pairs)) == PAIRS
    assert len({pair % 2 for pair in pairs}) == 1


def test_the_last_pairs_are_kept_for_calls_for_help() -> None:
    """Two of them fit when everything else is refused."""
    stage = Stage()
    for number in range(NODE_PAIRS):
        data = from_caller(b"INVITE", body=OFFER)
        stage.a(
            data.replace(b"call@a", b"call%d@a" % number).replace(
                b"z9hG4bKa", b"z9hG4bK%d" % number
            )
        )
    stage.then("a: 503 INVITE")
    taken = len(stage.inline.calls)
    help_ = from_caller(b"INVITE", body=OFFER, number=b"119").replace(b"call@a", b"help@a")

    stage.a(help_.replace(b"z9hG4bKa", b"z9hG4bKhelp")).then("b: INVITE")
    assert len(stage.inline.calls) == taken + 1


def another(number: int, *headers: Header, called: bytes = b"0355501234") -> bytes:
    """One INVITE more, of a call of its own."""
    data = from_caller(b"INVITE", *headers, body=OFFER, number=called)
    return data.replace(b"call@a", b"call%d@a" % number).replace(b"z9hG4bKa", b"z9hG4bK%d" % number)


def test_recording_sessions_leave_the_last_pairs_to_calls_for_help(stage: Stage) -> None:
    """Both doors take from one pool; a session that is up may be held all the same."""
    siprec: Header = (b"Require", b"siprec")
    for number in range(NODE_PAIRS + 1):
        stage.a(another(number, siprec))
    stage.then("a: 503 INVITE")
    assert stage.ports.free() == RESERVED_PAIRS
    stage.a(another(90)).then("a: 503 INVITE")
    stage.a(another(91, called=b"119")).then("b: INVITE")
    stage.a(another(92, called=b"119")).then("b: INVITE")

    assert stage.ports.free() == 0


def test_a_node_without_routes_keeps_nothing_back() -> None:
    """Nobody can ask it for help; a reload with a route begins to."""
    stage = Stage()
    stage.exchange.renew(Switch())
    assert stage.ports.reserve == 0
    stage.exchange.renew(stage.switch)

    assert stage.ports.reserve == RESERVED_PAIRS


def test_video_that_comes_later_takes_nothing_of_the_reserve() -> None:
    """The call goes on without it."""
    stage, each = Stage().talking(), NODE_PAIRS // 2
    stage.ports.take_reserved(each, stage.now.us, [1])
    stage.ports.take_reserved(each - PAIRS - RESERVED_PAIRS - 1, stage.now.us, [0])
    stage.a_inside(b"INVITE", 2, body=OFFER + VIDEO).then("b: INVITE")

    assert stage.ports.free() == RESERVED_PAIRS + 1


@pytest.mark.parametrize("number", [b"110", b"+81110", b"1-1-9"])
def test_a_call_for_help_needs_no_route_and_hears_no_notice(number: bytes) -> None:
    """It goes to where the configuration sends such calls, with every codec."""
    japanese = dataclasses.replace(TRUNK, country="JP")
    stage = Stage(routes=(), source=japanese).full(Full.SPOOL_BYTES).calls(number=number)

    stage.then("b: INVITE")
    (bridged,) = stage.inline.calls
    assert (bridged.call.plan.notice.prompts, bridged.call.plan.codecs) == ((), ())


def test_a_body_that_cannot_be_read_is_400() -> None:
    """And no call."""
    body = b"v=0\r\nm=audio x RTP/AVP 0\r\n"

    Stage().calls(body=body).then("a: 400 INVITE")


def test_an_agent_whom_a_header_names_is_the_agent() -> None:
    """Whatever number was dialled."""
    stage = routed(agent="header:X-Agent", notice=())
    stage.calls((b"X-Agent", b"tanaka")).b(200, body=OFFER.replace(b"192.0.2.1", b"192.0.2.30"))
    (bridged,) = stage.inline.calls

    assert bridged.agents.id == b"tanaka"


@pytest.mark.parametrize(
    "lack", [Full.SPOOL_BYTES, Full.SPOOL_INODES, Full.SPOOL_FAILING, Full.WORKERS]
)
def test_a_call_that_cannot_be_recorded_goes_through_and_is_told_nothing(lack: Full) -> None:
    """The ledger says why there is no recording of it; a notice would not be true."""
    stage = routed().full(lack)
    stage.calls().b(180).b(200, body=ANSWER)

    assert [end.playing for end in stage.relay_call().ends] == [None, None]
    assert stage.relay_call().is_joined
    stage.a_inside(b"ACK", 1).a_inside(b"BYE", 2)
    assert stage.records() == []
    assert stage.rows() == [(200, lack.value)]


@pytest.mark.parametrize("lack", [Full.SPOOL_BYTES, Full.SPOOL_FAILING, Full.WORKERS])
def test_a_route_may_want_no_call_that_is_not_recorded(lack: Full) -> None:
    """Whoever must record everything would rather not talk."""
    routed(record_failure="end").full(lack).calls().then("a: 503 INVITE")


@pytest.mark.parametrize("lack", [Full.CALLS, Full.CPU, Full.DRAINING])
def test_what_every_call_needs_is_lacking_for_all(lack: Full) -> None:
    """A call without a recording would need it as well."""
    routed().full(lack).calls().then("a: 503 INVITE")


def test_a_call_for_help_that_went_too_far_is_refused_as_any() -> None:
    """A target that sends it back would take every port of ours with one call."""
    invite = from_caller(b"INVITE", body=OFFER, number=b"110")
    stage = Stage().a(invite.replace(b"Max-Forwards: 70", b"Max-Forwards: 0"))

    stage.then("a: 483 INVITE")


@pytest.mark.parametrize("lack", [Full.SPOOL_BYTES, Full.SPOOL_INODES, Full.WORKERS])
def test_a_call_for_help_is_recorded_as_long_as_anything_can_be(stage: Stage, lack: Full) -> None:
    """The reserve of the spool is for that; other calls leave it alone."""
    stage.full(lack).calls(number=b"119").b(200, body=ANSWER)
    stage.a_inside(b"ACK", 1)
    (bridged,) = stage.inline.calls

    assert bridged.call.recording.unrecorded == ""
    assert stage.relay_call().is_landed
    assert [each.flag for each in stage.events(Flagged)] == ["emergency"]
    assert len(stage.events(RecordingBegan)) == 1


def test_a_worker_whose_relay_says_nothing_gets_no_inline_call() -> None:
    """Its call would be silence; without any relay there is no room but for help."""
    stage = Stage()
    stage.node.capacity.vacancy = dataclasses.replace(
        stage.node.capacity.vacancy, mute=frozenset({0})
    )
    stage.calls().then("b: INVITE")
    (session,) = stage.node.sessions
    assert session.worker == 1

    mute = frozenset(range(WORKERS))
    stage.node.capacity.vacancy = dataclasses.replace(stage.node.capacity.vacancy, mute=mute)
    stage.a(another(7)).then("a: 503 INVITE")
    stage.a(another(8, called=b"119")).then("b: INVITE")


def test_a_call_that_no_route_takes_names_the_setting_that_would_record_it() -> None:
    """A client that records by network sends a plain INVITE, and gets 404 like a wrong number."""
    stage = routed(number=("0*",)).calls(number=b"999").then("a: 404 INVITE")
    (refused,) = stage.ledger.unlogged

    assert 'mode = "network-based"' in refused.detail
    assert '[[source]] "trunk"' in refused.detail
    assert (refused.header, refused.excerpt) == ("Request-URI", "sip:999@192.0.2.9")
