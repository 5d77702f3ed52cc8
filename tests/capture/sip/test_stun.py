"""Keep-alives by STUN."""

import struct
from ipaddress import ip_address

import pytest
from hypothesis import given, strategies as st

from capture.sip.flow import Address
from capture.sip.stun import COOKIE, answer_to

TRANSACTION = bytes(range(12))
PEER = Address("192.0.2.1", 32853)


def asked(attributes: bytes = b"", kind: int = 1, cookie: int = COOKIE) -> bytes:
    return struct.pack(">HHI12s", kind, len(attributes), cookie, TRANSACTION) + attributes


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8:1234:5678:11:2233:4455:6677"])
def test_a_client_is_told_where_it_came_from(host: str) -> None:
    """It learns whether a translator has given it another port (RFC 5626 §8)."""
    answer = answer_to(asked(), Address(host, 32853))
    assert answer is not None
    kind, length, cookie, transaction = struct.unpack_from(">HHI12s", answer)
    mapped, size, _, family, port = struct.unpack_from(">HHBBH", answer, 20)
    mask = COOKIE.to_bytes(4) + TRANSACTION
    shown = bytes(a ^ b for a, b in zip(answer[28:], mask, strict=False))

    assert (kind, cookie, transaction) == (0x0101, COOKIE, TRANSACTION)
    assert (length, mapped, size) == (len(answer) - 20, 0x0020, len(answer) - 24)
    assert (ip_address(shown), port ^ COOKIE >> 16) == (ip_address(host), 32853)
    assert family == {4: 1, 6: 2}[ip_address(host).version]


def test_the_answer_is_that_of_the_test_vectors() -> None:
    """RFC 5769 §2.2: the address there, hidden as there."""
    transaction = bytes.fromhex("b7e7a701bc34d686fa87dfae")
    request = struct.pack(">HHI12s", 1, 0, COOKIE, transaction)
    answer = answer_to(request, PEER)

    assert answer is not None
    assert answer[20:] == bytes.fromhex("002000080001a147e112a643")


def test_what_must_be_understood_and_is_not_is_named() -> None:
    """RFC 8489 §6.3.1; what is optional is passed over."""
    software, username = struct.pack(">HH4s", 0x8022, 4, b"peer"), struct.pack(">HHI", 6, 4, 0)

    assert answer_to(asked(software), PEER) == answer_to(asked(), PEER)
    refused = answer_to(asked(software + username), PEER)
    assert refused is not None
    assert struct.unpack_from(">H", refused) == (0x0111,)
    assert refused[20:] == bytes.fromhex("0009000400000414 000a0002 00060000")


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\0\0\0\0", b"OPTIONS sip:a SIP/2.0\r\n\r\n", asked(kind=0x0101), asked(cookie=1),
        asked()[:-1], asked() + b"\0",
    ],
)  # fmt: skip
def test_what_is_no_binding_request_is_not_answered(data: bytes) -> None:
    """It may be SIP, or an answer; answering answers would make a loop."""
    assert answer_to(data, PEER) is None


@given(st.binary(max_size=80))
def test_any_bytes_are_answered_or_not(body: bytes) -> None:
    """Whatever the attributes are."""
    answer = answer_to(asked(body), PEER)
    assert answer is None or answer[:2] in {b"\1\1", b"\1\x11"}
