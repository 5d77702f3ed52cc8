"""A REFER and an INVITE with Replaces as they are written: what is asked for, and of which dialog.

Rules over one message (RFC 3515 §2, RFC 3891 §6, RFC 3892). Knows nothing of calls, or of where a
REFER may lead.
"""

from typing import Final, NamedTuple
from urllib.parse import quote_from_bytes, unquote_to_bytes

from capture.errors import PeerBrokeProtocol
from capture.sip.address import parse_address
from capture.sip.grammar import find_param, parse_params
from capture.sip.identity import DialogId
from capture.sip.message import Request
from capture.sip.uri import OtherUri, SipUri, parse_uri

# What an INVITE that is made of a Refer-To may need; other headers are the referrer's wish alone.
_REPLACES: Final = b"replaces"
_NO_TAG: Final = b"0"
_SAFE: Final = "-_.!~*'()"
# A Call-ID and two tags.
MAX_REPLACES_BYTES: Final = 1_024


class Replaces(NamedTuple):
    """The dialog that is to be replaced, as the one who gets the header names it."""

    call_id: bytes
    to_tag: bytes
    from_tag: bytes
    is_early_only: bool = False

    @property
    def here(self) -> DialogId:
        """The dialog, where it is one of ours."""
        return DialogId(call_id=self.call_id, local_tag=self.to_tag, remote_tag=self.from_tag)

    @property
    def beyond(self) -> DialogId:
        """Our end of it, where it is the other party's that is named."""
        return DialogId(call_id=self.call_id, local_tag=self.from_tag, remote_tag=self.to_tag)

    def __bytes__(self) -> bytes:
        early = b";early-only" if self.is_early_only else b""
        tags = (self.to_tag or _NO_TAG, self.from_tag or _NO_TAG)
        return b"%s;to-tag=%s;from-tag=%s%s" % (self.call_id, *tags, early)


class ReferTo(NamedTuple):
    """Where a REFER leads: the URI without headers, and whom the new call is to replace."""

    uri: SipUri | OtherUri
    raw: bytes
    replaces: Replaces | None


def refer_to(request: Request) -> ReferTo:
    """The one Refer-To; raises `PeerBrokeProtocol` (RFC 3515 §2.4.2)."""
    values = request.values(b"refer-to")
    if len(values) != 1:
        raise PeerBrokeProtocol("RFC 3515 §2.4.2", "a REFER has exactly one Refer-To")
    raw, _, headers = parse_address(values[0]).uri.partition(b"?")
    uri = parse_uri(raw)
    if isinstance(uri, SipUri) and (uri.param(b"method") or b"INVITE").upper() != b"INVITE":
        raise PeerBrokeProtocol("RFC 3515 §2.1", "a REFER to no call", answer_with=501)
    return ReferTo(uri, raw, _replaces_among(headers))


def _replaces_among(headers: bytes) -> Replaces | None:
    for header in headers.split(b"&"):
        name, _, value = header.partition(b"=")
        if name.strip().lower() == _REPLACES:
            return parse_replaces(unquote_to_bytes(value))
    return None


def parse_replaces(value: bytes) -> Replaces:
    """One Replaces; raises `PeerBrokeProtocol` where it names no dialog."""
    call_id, *pieces = (piece.strip() for piece in value.split(b";"))
    params = parse_params(pieces)
    to_tag, from_tag = (find_param(params, name) for name in (b"to-tag", b"from-tag"))
    if to_tag is None or from_tag is None or not call_id or len(value) > MAX_REPLACES_BYTES:
        raise PeerBrokeProtocol("RFC 3891 §6.1", "a Replaces that names no dialog")
    if set(call_id + to_tag + from_tag) & set(b'\r\n \t<>"'):
        raise PeerBrokeProtocol("RFC 3891 §6.1", "a Replaces with what no id may hold")
    early = find_param(params, b"early-only") is not None
    return Replaces(call_id, _tag(to_tag), _tag(from_tag), early)


def _tag(tag: bytes) -> bytes:
    """A peer of RFC 2543 has none, and "0" stands for it (RFC 3891 §6.1)."""
    return b"" if tag == _NO_TAG else tag


def replaces_of(request: Request) -> Replaces | None:
    """The Replaces of an INVITE; None without one. Raises `PeerBrokeProtocol` (RFC 3891 §3)."""
    values = request.values(_REPLACES)
    if not values:
        return None
    if len(values) > 1:
        raise PeerBrokeProtocol("RFC 3891 §3", "more than one Replaces")
    return parse_replaces(values[0])


def wants_no_word(request: Request) -> bool:
    """Does who asks want no NOTIFYs (RFC 4488 §4.1)?"""
    return (request.value(b"refer-sub") or b"").strip().lower() == b"false"


def referring(raw: bytes, replaces: Replaces | None) -> bytes:
    """A Refer-To's value, with another Replaces than it had."""
    if replaces is None:
        return b"<" + raw + b">"
    escaped = quote_from_bytes(bytes(replaces), safe=_SAFE).encode()
    return b"<%s?Replaces=%s>" % (raw, escaped)
