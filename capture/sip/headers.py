"""The values of single SIP headers: Via, CSeq, RAck, media types, credentials; compact names.

Each parser reads one unfolded value. Knows nothing of whole messages.
"""

from dataclasses import dataclass
from typing import Final

from capture.errors import PeerBrokeProtocol
from capture.sip.grammar import (
    WHITESPACE,
    Params,
    find_param,
    is_token,
    parse_number,
    parse_params,
    split_list,
    split_outside,
)
from capture.sip.limits import MAX_UINT32
from capture.sip.uri import parse_hostport

# RFC 3261 §7.3.3 and the IANA registry of header fields.
COMPACT: Final = {
    b"a": b"accept-contact",
    b"b": b"referred-by",
    b"c": b"content-type",
    b"d": b"request-disposition",
    b"e": b"content-encoding",
    b"f": b"from",
    b"i": b"call-id",
    b"j": b"reject-contact",
    b"k": b"supported",
    b"l": b"content-length",
    b"m": b"contact",
    b"n": b"identity-info",
    b"o": b"event",
    b"r": b"refer-to",
    b"s": b"subject",
    b"t": b"to",
    b"u": b"allow-events",
    b"v": b"via",
    b"x": b"session-expires",
    b"y": b"identity",
}
# A transaction id made by RFC 3261 begins with this and goes on (§8.1.1.7).
MAGIC_COOKIE: Final = b"z9hg4bk"
DEFAULT_PORT: Final = 5060
DEFAULT_TLS_PORT: Final = 5061


def canonical_name(name: bytes) -> bytes:
    """A header's name in lower case and long form."""
    lower = name.lower()
    return COMPACT.get(lower, lower)


@dataclass(frozen=True, slots=True, kw_only=True)
class Via:
    """One hop (RFC 3261 §20.42); transport in upper case, host in lower case."""

    transport: bytes
    host: bytes
    port: int | None
    params: Params

    def param(self, name: bytes) -> bytes | None:
        """The value of a parameter, b"" without one, None if absent."""
        return find_param(self.params, name)

    @property
    def branch(self) -> bytes:
        """The branch, or b"" where there is none."""
        return self.param(b"branch") or b""

    @property
    def has_unique_branch(self) -> bool:
        """Was the branch made by RFC 3261 rules? Else RFC 2543 matching applies (§17.2.3)."""
        branch = self.branch
        return branch[: len(MAGIC_COOKIE)].lower() == MAGIC_COOKIE and len(branch) > len(
            MAGIC_COOKIE
        )

    @property
    def sent_by_port(self) -> int:
        """The port of sent-by, or the default of its transport (§18.2.2)."""
        if self.port is not None:
            return self.port
        return DEFAULT_TLS_PORT if self.transport == b"TLS" else DEFAULT_PORT


def parse_via(element: bytes) -> Via:
    """One element of Via; white space may stand around every separator (RFC 4475 §3.1.1.1)."""
    head, *pieces = split_outside(element, b";")
    protocol, _, rest = head.partition(b"/")
    _, slash, rest = rest.partition(b"/")
    transport, *sent_by = rest.split(None, 1)[:2] or [b""]
    if not slash or protocol.strip().upper() != b"SIP" or not sent_by or not is_token(transport):
        raise PeerBrokeProtocol("RFC 3261 §20.42", "Via")
    host, port = parse_hostport(sent_by[0].strip(WHITESPACE))
    return Via(
        transport=transport.upper(), host=host.lower(), port=port, params=parse_params(pieces)
    )


@dataclass(frozen=True, slots=True)
class CSeq:
    """A request's place in its dialog (RFC 3261 §20.16)."""

    number: int
    method: bytes


def parse_cseq(value: bytes) -> CSeq:
    """`number method`; the number fits 32 bits (RFC 3261 §8.1.1.5)."""
    match value.split():
        case [number, method] if is_token(method):
            return CSeq(parse_number(number, MAX_UINT32, "CSeq"), method)
        case _:
            raise PeerBrokeProtocol("RFC 3261 §20.16", "CSeq")


@dataclass(frozen=True, slots=True)
class RAck:
    """Which reliable provisional response a PRACK acknowledges (RFC 3262 §7.2)."""

    response_number: int
    cseq: CSeq


def parse_rack(value: bytes) -> RAck:
    """`response-number cseq-number method`."""
    number, _, cseq = value.strip(WHITESPACE).partition(b" ")
    return RAck(parse_number(number, MAX_UINT32, "RAck"), parse_cseq(cseq))


@dataclass(frozen=True, slots=True)
class Credentials:
    """A scheme in lower case and its parameters (RFC 3261 §20.7, §20.44)."""

    scheme: bytes
    params: Params


def parse_credentials(value: bytes) -> Credentials:
    """`scheme name=value, …` as in Authorization and WWW-Authenticate; values keep their quotes."""
    scheme, _, rest = value.strip(WHITESPACE).partition(b" ")
    if not is_token(scheme):
        raise PeerBrokeProtocol("RFC 3261 §20.7", "the scheme of credentials")
    return Credentials(scheme.lower(), parse_params(split_list(rest)) if rest else ())
