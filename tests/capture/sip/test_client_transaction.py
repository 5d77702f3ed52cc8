"""The client transactions by themselves: states, timers, the ACK of a refusal."""

import pytest

from capture.sip.client_transaction import (
    ClientState,
    InviteClient,
    NonInviteClient,
    ack_of_refusal,
)
from capture.sip.flow import Flow
from capture.sip.identity import DialogId, TransactionKey
from capture.sip.message import Response
from capture.sip.transaction import Deliver, GaveUp, Transmit
from tests.capture.sip.scenes import TCP, UDP, peer_request, peer_response
from tests.support.sip import parse_message

KEY = TransactionKey(call_id=b"c", branch=b"b", method=b"INVITE")
DIALOG = DialogId(call_id=b"c", local_tag=b"l", remote_tag=b"r")
INVITE = peer_request(b"INVITE", headers=((b"Route", b"<sip:p;lr>"),), to_tag=b"r")


def invite(flow: Flow = UDP) -> InviteClient:
    return InviteClient.begin(KEY, flow, DIALOG, INVITE, 0.0)[0]


def bye(flow: Flow = UDP) -> NonInviteClient:
    return NonInviteClient.begin(KEY, flow, DIALOG, b"bye", 0.0)[0]


def response(status: int) -> Response:
    parsed = parse_message(peer_response(INVITE, status))
    assert isinstance(parsed, Response)
    return parsed


def test_a_2xx_is_delivered_once_and_its_repetitions_get_the_ack() -> None:
    """RFC 6026 §7.2, Accepted until timer M."""
    accepted, out = invite().receive(response(200), 1.0)
    assert (accepted.state, out) == (ClientState.ACCEPTED, [Deliver(response(200))])
    assert accepted.next_deadline_s == 33.0

    acknowledged, _ = accepted.acknowledge_with(DIALOG, b"ack", TCP)
    assert acknowledged.receive(response(200), 2.0)[1] == [Transmit(b"ack", TCP)]


def test_a_refusal_is_acknowledged_every_time_and_delivered_once() -> None:
    """RFC 3261 §17.1.1.2, Completed until timer D."""
    ack = Transmit(ack_of_refusal(INVITE, response(486)))
    refused, out = invite().receive(response(486), 1.0)

    assert out == [ack, Deliver(response(486))]
    assert refused.receive(response(486), 2.0)[1] == [ack]
    assert refused.next_deadline_s == 33.0


def test_on_a_stream_a_refusal_ends_the_transaction() -> None:
    """Timer D is zero there."""
    assert invite(TCP).receive(response(486), 1.0)[0].is_over


def test_the_ack_of_a_refusal_copies_its_invite() -> None:
    """RFC 3261 §17.1.1.3: Request-URI, Via, From, Call-ID, Route; To from the response."""
    assert ack_of_refusal(INVITE, response(486)) == (
        b"ACK sip:srs@192.0.2.9 SIP/2.0\r\n"
        b"Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa\r\n"
        b"From: <sip:src@192.0.2.1>;tag=peer\r\n"
        b"Call-ID: one@peer\r\n"
        b"Route: <sip:p;lr>\r\n"
        b"Max-Forwards: 70\r\n"
        b"To: <sip:srs@192.0.2.9>;tag=r\r\n"
        b"CSeq: 1 ACK\r\n"
        b"Content-Length: 0\r\n\r\n"
    )


@pytest.mark.parametrize("begin", [invite, bye])
def test_nobody_answers_and_it_gives_up_after_32_s(begin: object) -> None:
    """Timers B and F."""
    pending = begin()  # type: ignore[operator]  # one of the two above
    assert pending.expire_timers(31.9)[1] == [Transmit(pending.request)]
    assert pending.expire_timers(32.0)[1] == [GaveUp()]


def test_a_stream_is_not_sent_to_twice() -> None:
    """Timers A and E are for unreliable transports."""
    assert invite(TCP).backoff is None
    assert bye(TCP).backoff is None


def test_a_final_response_is_absorbed_for_timer_k() -> None:
    """RFC 3261 §17.1.2.2: T4 on UDP, nothing on TCP."""
    done, out = bye().receive(response(200), 1.0)
    assert out == [Deliver(response(200))]
    assert (done.next_deadline_s, done.receive(response(200), 2.0)[1]) == (6.0, [])

    assert bye(TCP).receive(response(200), 1.0)[0].is_over
