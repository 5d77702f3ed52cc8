"""A name and a URI with parameters, as From, To, Contact and Route hold them (RFC 3261 §20.10).

Bytes are kept; the URI is not taken apart here. Knows nothing of dialogs.
"""

from dataclasses import dataclass, field
from typing import Final

from capture.errors import PeerBrokeProtocol
from capture.sip.grammar import (
    WHITESPACE,
    Params,
    end_of_angle,
    end_of_quoted,
    find_param,
    parse_params,
    split_list,
    split_outside,
    unquote,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NameAddress:
    """`display <uri>;params`; `raw` is the element as received, without white space around it."""

    raw: bytes = field(repr=False)
    display: bytes = field(repr=False)
    uri: bytes = field(repr=False)
    params: Params = field(repr=False)

    def param(self, name: bytes) -> bytes | None:
        """The value of a header parameter, b"" without one, None if absent."""
        return find_param(self.params, name)

    @property
    def tag(self) -> bytes:
        """The tag, or b"" where there is none (RFC 3261 §19.3)."""
        return self.param(b"tag") or b""


@dataclass(frozen=True, slots=True)
class AnyContact:
    """`Contact: *`: every binding (RFC 3261 §10.2.2)."""


ANY_CONTACT: Final = AnyContact()


def parse_address(element: bytes) -> NameAddress:
    """One name-addr or addr-spec; raises `PeerBrokeProtocol` where it is neither.

    A comma in a name without quotes is tolerated (RFC 4475 §3.1.2.15), and so is white space
    between the angle brackets and the URI (§3.1.2.14).
    """
    element = element.strip(WHITESPACE)
    name_end = end_of_quoted(element, 0) if element[:1] == b'"' else 0
    opens = element.find(b"<", name_end)
    if opens < 0:
        return _bare_address(element, name_end)
    after = end_of_angle(element, opens)
    display, pieces = element[:opens].strip(WHITESPACE), _pieces_after(element[after:])
    uri = element[opens + 1 : after - 1].strip(WHITESPACE)
    return _address(element, unquote(display), uri, pieces)


def _bare_address(element: bytes, name_end: int) -> NameAddress:
    uri, *pieces = split_outside(element, b";")
    if name_end or b"?" in uri:
        raise PeerBrokeProtocol("RFC 3261 §20.10", "an address that needs angle brackets")
    return _address(element, b"", uri.strip(WHITESPACE), pieces)


def _pieces_after(rest: bytes) -> list[bytes]:
    if not rest.strip(WHITESPACE):
        return []
    first, *pieces = split_outside(rest, b";")
    if first.strip(WHITESPACE):
        raise PeerBrokeProtocol("RFC 3261 §20.10", "text between an address and its parameters")
    return pieces


def _address(raw: bytes, display: bytes, uri: bytes, pieces: list[bytes]) -> NameAddress:
    if b":" not in uri or len(uri.split()) != 1:
        raise PeerBrokeProtocol("RFC 3261 §20.10", "an address without a URI")
    return NameAddress(raw=raw, display=display, uri=uri, params=parse_params(pieces))


def parse_addresses(value: bytes) -> tuple[NameAddress, ...]:
    """Every address of a comma-separated value, in order."""
    return tuple(parse_address(element) for element in split_list(value))


def parse_contacts(value: bytes) -> tuple[NameAddress, ...] | AnyContact:
    """The addresses of a Contact value, or `ANY_CONTACT` for the asterisk."""
    return ANY_CONTACT if value.strip(WHITESPACE) == b"*" else parse_addresses(value)
