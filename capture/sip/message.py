"""A SIP request or response: raw header lines in order, and typed views of them, read lazily.

What a view cannot read raises `PeerBrokeProtocol`. Knows nothing of how a message arrived.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final, NamedTuple, TypeVar

from capture.errors import PeerBrokeProtocol
from capture.sip.address import ANY_CONTACT, AnyContact, NameAddress, parse_address, parse_contacts
from capture.sip.grammar import parse_number, reads_as_number, split_list, split_outside
from capture.sip.headers import CSeq, RAck, Via, parse_cseq, parse_rack, parse_via
from capture.sip.limits import MAX_FORWARDS, MAX_UINT32
from capture.sip.uri import OtherUri, SipUri, parse_uri

View = TypeVar("View")


# How a header is written whose name is no row of words.
_WRITTEN: Final = {b"call-id": "Call-ID", b"cseq": "CSeq", b"rack": "RAck"}


def written(name: bytes) -> str:
    """The name of a header as people write it."""
    return _WRITTEN.get(name, name.decode("ascii", "replace").title())


@contextmanager
def reading(name: bytes) -> Iterator[None]:
    try:
        yield
    except PeerBrokeProtocol as broken:
        broken.header = broken.header or written(name)
        raise


class HeaderLine(NamedTuple):
    """One header: `name` in lower case and long form, `value` unfolded, `raw` as received.

    `raw` holds name, colon and folds, without the CRLF at the end.
    """

    name: bytes
    value: bytes
    raw: bytes


class Deviation(StrEnum):
    """What a message does against the RFC and is read as it is meant all the same."""

    UNCLOSED_ADDRESS = "unclosed address"
    LOWER_CSEQ = "lower CSeq"
    OTHER_METHOD = "other method in CSeq"
    NO_TO_TAG = "no To tag"


@dataclass(frozen=True, kw_only=True)
class Message:
    """What requests and responses share. `fault` is what the splitter found broken, if anything.

    `deviations` are what was put right in it, or passed over. No field is shown by `repr`, so that
    a message may appear in a log.
    """

    lines: tuple[HeaderLine, ...] = field(repr=False)
    body: bytes = field(repr=False)
    fault: PeerBrokeProtocol | None = field(default=None, compare=False)
    deviations: tuple[Deviation, ...] = field(default=(), compare=False)

    @cached_property
    def _values(self) -> dict[bytes, list[bytes]]:
        values: dict[bytes, list[bytes]] = {}
        for line in self.lines:
            values.setdefault(line.name, []).append(line.value)
        return values

    def values(self, name: bytes) -> list[bytes]:
        """The values of every header `name` (lower case, long form), in order."""
        return self._values.get(name, [])

    def value(self, name: bytes) -> bytes | None:
        """The first value of header `name`, or None."""
        values = self._values.get(name)
        return values[0] if values else None

    def elements(self, name: bytes) -> tuple[bytes, ...]:
        """Every element of the lists in headers `name`, in order and stripped."""
        return tuple(element for value in self.values(name) for element in split_list(value))

    def tokens(self, name: bytes) -> tuple[bytes, ...]:
        """The option tags or methods of headers `name` (Require, Supported, Allow), as received."""
        pieces = (piece.strip() for value in self.values(name) for piece in value.split(b","))
        return tuple(piece for piece in pieces if piece)

    def _required(self, name: bytes, parse: Callable[[bytes], View]) -> View:
        value = self.value(name)
        with reading(name):
            if not value:
                raise PeerBrokeProtocol("RFC 3261 §8.1.1", f"{written(name)} is missing")
            return parse(value)

    @cached_property
    def top_via(self) -> Via:
        """The first hop, of the first Via header."""
        return self._required(b"via", lambda value: parse_via(split_outside(value, b",")[0]))

    @property
    def vias(self) -> tuple[Via, ...]:
        """All hops, topmost first."""
        return tuple(parse_via(element) for element in self.elements(b"via"))

    @cached_property
    def from_address(self) -> NameAddress:
        """From (RFC 3261 §20.20)."""
        return self._required(b"from", parse_address)

    @cached_property
    def to_address(self) -> NameAddress:
        """To (RFC 3261 §20.39)."""
        return self._required(b"to", parse_address)

    @property
    def has_to_tag(self) -> bool:
        """Does To carry a tag, so that the message belongs to a dialog (RFC 3261 §12.2.2)?"""
        return bool(self.to_address.tag)

    @cached_property
    def call_id(self) -> bytes:
        """Call-ID (RFC 3261 §20.8), compared byte for byte."""
        return self._required(b"call-id", bytes)

    @cached_property
    def cseq(self) -> CSeq:
        """CSeq (RFC 3261 §20.16)."""
        return self._required(b"cseq", parse_cseq)

    @cached_property
    def contacts(self) -> tuple[NameAddress, ...] | AnyContact:
        """All contacts in order, or `ANY_CONTACT` for `Contact: *`; empty without the header."""
        found: list[NameAddress] = []
        with reading(b"contact"):
            for value in self.values(b"contact"):
                addresses = parse_contacts(value)
                if isinstance(addresses, AnyContact):
                    return ANY_CONTACT
                found.extend(addresses)
        return tuple(found)

    @property
    def contact(self) -> NameAddress | None:
        """The first contact, or None without one (or with `*`)."""
        contacts = self.contacts
        return contacts[0] if not isinstance(contacts, AnyContact) and contacts else None

    @property
    def max_forwards(self) -> int | None:
        """Max-Forwards, 0–255, or None without a header (RFC 2543)."""
        value = self.value(b"max-forwards")
        with reading(b"max-forwards"):
            return None if value is None else parse_number(value, MAX_FORWARDS, "Max-Forwards")

    @property
    def expires_s(self) -> int | None:
        """Expires in seconds, capped at 32 bits; None without one or with one that is no number."""
        return reads_as_number(self.value(b"expires") or b"", MAX_UINT32)

    @property
    def rack(self) -> RAck:
        """RAck (RFC 3262 §7.2)."""
        return self._required(b"rack", parse_rack)

    @property
    def record_routes(self) -> tuple[bytes, ...]:
        """The elements of all Record-Route headers, as received and in order."""
        with reading(b"record-route"):
            return self.elements(b"record-route")

    @property
    def require(self) -> tuple[bytes, ...]:
        """The option tags of Require."""
        return self.tokens(b"require")

    @property
    def supported(self) -> tuple[bytes, ...]:
        """The option tags of Supported."""
        return self.tokens(b"supported")


@dataclass(frozen=True, kw_only=True)
class Request(Message):
    """A request; `uri` is the Request-URI as received, b"" where the start line is broken."""

    method: bytes
    uri: bytes = field(repr=False)
    version: bytes

    @cached_property
    def parsed_uri(self) -> SipUri | OtherUri:
        """The Request-URI taken apart."""
        return parse_uri(self.uri)


@dataclass(frozen=True, kw_only=True)
class Response(Message):
    """A response; `status` is 100–699, or 0 where the start line is broken."""

    status: int
    reason: bytes = field(repr=False)
