"""STUN keep-alives on the socket of SIP: a Binding request is answered with where it came from.

RFC 5626 §8, RFC 8489 §5, §6.3 and §14. Pure. Knows nothing of SIP or of who asks.
"""

import struct
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Final

from capture.sip.flow import Address

COOKIE: Final = 0x2112A442
_HEAD: Final = struct.Struct(">HHI12s")
_ATTRIBUTE: Final = struct.Struct(">HH")
_REQUEST, _SUCCESS, _ERROR = 0x0001, 0x0101, 0x0111
_XOR_MAPPED_ADDRESS, _ERROR_CODE, _UNKNOWN = 0x0020, 0x0009, 0x000A
# Types below must be understood (§14); we understand none in a request.
_OPTIONAL: Final = 0x8000
_FAMILIES: Final = {4: 1, 6: 2}
_UNKNOWN_ATTRIBUTE: Final = 420


def answer_to(data: bytes, remote: Address) -> bytes | None:
    """The answer to a Binding request from `remote`; None where `data` is none."""
    if len(data) < _HEAD.size:
        return None
    kind, length, cookie, transaction = _HEAD.unpack_from(data)
    if (kind, cookie) != (_REQUEST, COOKIE):
        return None
    body = data[_HEAD.size :]
    if length != len(body) or length % 4:
        return None
    unknown = [each for each in _types(body) if each < _OPTIONAL]
    if unknown:
        return _message(_ERROR, transaction, _refusal(unknown))
    return _message(_SUCCESS, transaction, _mapped(remote, transaction))


def _types(body: bytes) -> Iterator[int]:
    """The types of the attributes, as long as they are whole."""
    at = 0
    while at + _ATTRIBUTE.size <= len(body):
        kind, size = _ATTRIBUTE.unpack_from(body, at)
        yield kind
        at += _ATTRIBUTE.size + (size + 3) // 4 * 4


def _message(kind: int, transaction: bytes, body: bytes) -> bytes:
    return _HEAD.pack(kind, len(body), COOKIE, transaction) + body


def _attribute(kind: int, value: bytes) -> bytes:
    return _ATTRIBUTE.pack(kind, len(value)) + value + bytes(-len(value) % 4)


def _mapped(remote: Address, transaction: bytes) -> bytes:
    """XOR-MAPPED-ADDRESS (§14.2): port and address, each with as much of cookie and transaction."""
    address = ip_address(remote.host.partition("%")[0])
    mask = COOKIE.to_bytes(4) + transaction
    hidden = bytes(a ^ b for a, b in zip(address.packed, mask, strict=False))
    head = struct.pack(">BBH", 0, _FAMILIES[address.version], remote.port ^ COOKIE >> 16)
    return _attribute(_XOR_MAPPED_ADDRESS, head + hidden)


def _refusal(unknown: list[int]) -> bytes:
    """ERROR-CODE 420 (§14.8) and UNKNOWN-ATTRIBUTES (§14.13)."""
    code = struct.pack(">HBB", 0, *divmod(_UNKNOWN_ATTRIBUTE, 100))
    listed = b"".join(each.to_bytes(2) for each in unknown)
    return _attribute(_ERROR_CODE, code) + _attribute(_UNKNOWN, listed)
