"""Messages wait for their recording, masked and bounded."""

import msgspec

from capture.recording.ladder import MAX_CALLS, MAX_CONNECTIONS, MAX_WAITING, Ladder
from capture.sip.flow import Address, Flow
from tests.capture.siprec.stage import CALL_ID, UDP, invite, request


def of_call(call_id: bytes, method: bytes = b"INFO", cseq: int = 1) -> bytes:
    return request(method, cseq=cseq).replace(CALL_ID, call_id)


def test_messages_of_a_call_are_given_once_in_order() -> None:
    """Who said what to whom, when, and how it came."""
    ladder = Ladder()
    ladder.received(of_call(b"a"), UDP, 5)
    ladder.sent(of_call(b"b"), UDP, 6)
    ladder.sent(of_call(b"a", cseq=2), UDP, 7)
    first, second = ladder.take(b"a")

    assert (first.at_us, first.is_received, first.transport) == (5, True, "udp")
    assert (second.at_us, second.is_received, second.remote) == (7, False, "192.0.2.1:5060")
    assert ladder.take(b"a") == ()
    assert ladder.calls() == [b"b"]


def test_addresses_of_ipv6_are_read_back() -> None:
    """A port stands behind brackets."""
    ladder = Ladder()
    flow = Flow(transport="tls", local=Address("2001:db8::9", 5061), remote=Address("::1", 7))
    ladder.received(of_call(b"a"), flow, 5)
    (message,) = ladder.take(b"a")

    assert (message.transport, message.local, message.remote) == (
        "tls",
        "[2001:db8::9]:5061",
        "[::1]:7",
    )


def test_pings_and_rubbish_are_not_kept() -> None:
    """A client asks every half minute whether we are there; that tells nothing of a call."""
    ladder = Ladder()
    for data in (request(b"OPTIONS"), b"\x00\x01", b"", b"INVITE sip:a SIP/2.0\r\n\r\n"):
        ladder.received(data, UDP, 5)

    assert ladder.calls() == []


def test_nobody_fills_the_memory() -> None:
    """Of a call the last messages stay; of calls the last ones."""
    ladder = Ladder()
    for number in range(MAX_WAITING + 5):
        ladder.received(of_call(b"a"), UDP, number)
    assert ladder.take(b"a")[0].at_us == 5

    for number in range(MAX_CALLS + 3):
        ladder.received(of_call(b"call-%d" % number), UDP, 1)
    assert ladder.calls()[0] == b"call-3"


def test_secrets_are_masked_before_they_wait() -> None:
    """Memory is written to no disk, but what is not there cannot leak."""
    ladder = Ladder()
    sdp = (
        b"v=0\r\nm=audio 6000 RTP/SAVP 0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:U0VDUkVU\r\n"
    )
    ladder.received(invite(sdp), UDP, 5)
    (message,) = ladder.take(CALL_ID)

    assert b"inline:********\r\n" in message.data


TCP = Flow(
    transport="tcp", local=Address("192.0.2.9", 5060), remote=Address("192.0.2.1", 40_000),
    connection=7,
)  # fmt: skip
ANEW = Flow(
    transport="tcp", local=TCP.local, remote=Address("192.0.2.1", 5060), connection=7
)  # fmt: skip


def test_what_goes_out_on_a_connection_goes_between_its_ends() -> None:
    """Its flow names the port of Via: where to connect anew once the connection is gone."""
    ladder = Ladder()
    ladder.received(of_call(b"a"), TCP, 1)
    ladder.sent(of_call(b"a", cseq=2), ANEW, 2)
    ladder.gone(7)
    ladder.sent(of_call(b"a", cseq=3), ANEW, 3)

    assert [each.remote for each in ladder.take(b"a")] == [
        "192.0.2.1:40000",
        "192.0.2.1:40000",
        "192.0.2.1:5060",
    ]


def test_connections_without_number_fill_no_memory() -> None:
    """The oldest is forgotten."""
    ladder = Ladder()
    for number in range(1, MAX_CONNECTIONS + 3):
        ladder.received(of_call(b"a"), msgspec.structs.replace(TCP, connection=number), 1)
    ladder.sent(of_call(b"b"), msgspec.structs.replace(ANEW, connection=1), 2)

    assert ladder.take(b"b")[0].remote == "192.0.2.1:5060"
