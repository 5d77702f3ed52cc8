"""The server transactions by themselves: states, timers, repetitions."""

import msgspec
import pytest

from capture.sip.flow import Flow
from capture.sip.message import Request
from capture.sip.server_transaction import InviteServer, NonInviteServer, ServerState
from capture.sip.transaction import Transmit
from tests.capture.sip.scenes import TCP, UDP, peer_request
from tests.support.sip import parse_message


def invite(flow: Flow = UDP) -> InviteServer:
    request = parse_message(peer_request(b"INVITE"))
    assert isinstance(request, Request)
    return InviteServer.begin(request, flow, b"tag", 0.0)


def options(flow: Flow = UDP) -> NonInviteServer:
    request = parse_message(peer_request(b"OPTIONS"))
    assert isinstance(request, Request)
    return NonInviteServer.begin(request, flow, b"tag", 0.0)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (183, ServerState.PROCEEDING),
        (200, ServerState.ACCEPTED),
        (302, ServerState.COMPLETED),
        (603, ServerState.COMPLETED),
    ],
)
def test_an_invite_goes_where_its_answer_leads(status: int, state: ServerState) -> None:
    """RFC 3261 figure 7 as changed by RFC 6026 figure 5."""
    answered, out = invite().respond(status, b"answer", 1.0)
    assert (answered.state, out) == (state, [Transmit(b"answer")])


def test_after_a_2xx_a_repeated_invite_is_absorbed_for_timer_l() -> None:
    """RFC 6026 §7.1: its user repeats the 2xx, not the transaction."""
    accepted, _ = invite().respond(200, b"ok", 1.0)

    assert accepted.repeat() == []
    assert accepted.next_deadline_s == 33.0
    assert accepted.expire_timers(33.0)[0].is_over


def test_an_ack_confirms_a_refusal_for_timer_i_or_ends_it_on_a_stream() -> None:
    """RFC 3261 §17.2.1: T4 on UDP, nothing on TCP."""
    refused, _ = invite().respond(486, b"busy", 0.0)
    confirmed = refused.acknowledge(1.0)
    assert (confirmed.state, confirmed.next_deadline_s) == (ServerState.CONFIRMED, 6.0)
    assert confirmed.repeat() == []

    on_stream, _ = invite(TCP).respond(486, b"busy", 0.0)
    assert on_stream.next_deadline_s == 32.0
    assert on_stream.acknowledge(1.0).is_over


def test_an_ack_that_is_not_for_a_refusal_changes_nothing() -> None:
    """It belongs to the 2xx then (RFC 6026 §7.1)."""
    accepted, _ = invite().respond(200, b"ok", 1.0)
    assert accepted.acknowledge(2.0) is accepted


def test_a_second_final_response_is_our_own_bug() -> None:
    """A transaction has one (RFC 3261 §17.2)."""
    accepted, _ = invite().respond(200, b"ok", 1.0)
    with pytest.raises(AssertionError):
        accepted.respond(486, b"busy", 1.0)


@pytest.mark.parametrize("status", [100, 180, 408])
def test_neither_1xx_nor_408_is_given_to_another_request(status: int) -> None:
    """RFC 4320 §4.1, §4.2."""
    with pytest.raises(AssertionError):
        options().respond(status, b"no", 1.0)


def test_another_request_is_remembered_for_timer_j_on_udp_only() -> None:
    """RFC 3261 §17.2.2."""
    answered, _ = options().respond(200, b"ok", 1.0)
    assert (answered.repeat(), answered.next_deadline_s) == ([Transmit(b"ok")], 33.0)
    assert answered.expire_timers(33.0)[0].is_over

    assert options(TCP).respond(200, b"ok", 1.0)[0].is_over


@pytest.mark.parametrize("before", [invite(), options(), invite().respond(486, b"x", 0.0)[0]])
def test_a_transaction_is_equal_after_its_way_through_bytes(
    before: InviteServer | NonInviteServer,
) -> None:
    """What makes a restart possible."""
    kind = InviteServer | NonInviteServer
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(before), type=kind) == before
