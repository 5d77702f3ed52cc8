"""Which headers cross from one side of an inline call to the other, and who is said to call.

Rules over one message (docs/inline.md section What crosses). Knows nothing of dialogs.
"""

from typing import Final

import msgspec

from capture.sip.address import NameAddress
from capture.sip.build import Header
from capture.sip.headers import canonical_name
from capture.sip.message import Message, Request

ALWAYS: Final = frozenset(
    {
        *(b"subject", b"priority", b"organization", b"accept-language", b"session-id", b"reason"),
        *(b"diversion", b"history-info", b"user-to-user", b"privacy", b"call-info", b"alert-info"),
        *(b"answer-mode", b"priv-answer-mode", b"referred-by", b"in-reply-to", b"geolocation"),
        *(b"resource-priority", b"accept-resource-priority", b"p-early-media", b"recv-info"),
        *(b"geolocation-routing", b"retry-after", b"warning", b"error-info"),
    }
)
# Who somebody is, as a network vouches for it (RFC 3325 §7, RFC 7315, RFC 8224).
TRUSTED: Final = frozenset(
    {
        *(b"p-asserted-identity", b"p-preferred-identity", b"p-charging-vector", b"identity"),
        *(b"remote-party-id", b"p-access-network-info", b"p-called-party-id", b"identity-info"),
    }
)
_NAMES: Final = frozenset({b"p-asserted-identity", b"remote-party-id", b"privacy"})
ANONYMOUS: Final = b'"Anonymous" <sip:anonymous@anonymous.invalid>'
RECORDING_HEADER: Final = b"X-Rokuon-Recording"
MAX_FORWARDS: Final = 70
# More than a chain of proxies adds is an attack on the next hop.
MAX_CROSSING: Final = 64


class PeerTrust(msgspec.Struct, frozen=True, kw_only=True):
    """What may be told to a peer; `pass_headers` in small letters."""

    trusted: bool = True
    pass_headers: frozenset[bytes] = frozenset()


def crossing_headers(message: Message, to: PeerTrust) -> tuple[Header, ...]:
    """The headers of a message that the other side gets, as they came and in their order."""
    kept = (line for line in message.lines if _crosses(line.name, to))
    return tuple((_written(line.raw), line.value) for line in kept)[:MAX_CROSSING]


def identity_headers(message: Message, to: PeerTrust) -> tuple[Header, ...]:
    """Only who the caller is, as a network vouches for it, and whether he wants to be told of."""
    named = TRUSTED | {b"privacy"} if to.trusted else {b"privacy"}
    kept = (line for line in message.lines if line.name in named)
    return tuple((_written(line.raw), line.value) for line in kept)[:MAX_CROSSING]


def names_in(message: Message, to: PeerTrust) -> tuple[Header, ...]:
    """Only by which name a network vouches for who sends it, and whether that may go on."""
    names = _NAMES & {line.name for line in message.lines}
    if not to.trusted or not names - {b"privacy"}:
        return ()
    kept = (line for line in message.lines if line.name in names)
    return tuple((_written(line.raw), line.value) for line in kept)[:MAX_CROSSING]


def listed_headers(message: Message, to: PeerTrust) -> tuple[Header, ...]:
    """Only those that the peer asks for by name, and that nothing else of ours speaks of."""
    named = to.pass_headers - ALWAYS - TRUSTED
    kept = (line for line in message.lines if line.name in named)
    return tuple((_written(line.raw), line.value) for line in kept)[:MAX_CROSSING]


def bye_headers(request: Request, to: PeerTrust) -> tuple[Header, ...]:
    """What crosses of a BYE beside its Reason (RFC 7433 §4.1 for User-to-User)."""
    return tuple(each for each in crossing_headers(request, to) if each[0].lower() != b"reason")


def _crosses(name: bytes, to: PeerTrust) -> bool:
    if name in ALWAYS or name in to.pass_headers:
        return True
    return to.trusted and name in TRUSTED


def _written(raw: bytes) -> bytes:
    """A header's name as it was written, in its long form."""
    name = raw.partition(b":")[0].strip()
    return name if len(name) > 1 else canonical_name(name).title()


def caller_for(request: Request, to: PeerTrust) -> bytes:
    """From for the other side, without a tag; anonymous where it must not be told (RFC 3323 §4)."""
    if not to.trusted and wants_privacy(request):
        return ANONYMOUS
    return without_tag(request.from_address)


def wants_privacy(request: Request) -> bool:
    """Does the caller ask that he is not named to strangers (RFC 3325 §9.3)?"""
    words = {
        word.strip().lower() for value in request.values(b"privacy") for word in value.split(b";")
    }
    return bool(words & {b"id", b"user", b"header"})


def without_tag(address: NameAddress) -> bytes:
    """A name and a URI with their parameters but the tag."""
    name = b'"%s" ' % _quoted(address.display) if address.display else b""
    params = b"".join(
        b";" + key + (b"=" + value if value else b"")
        for key, value in address.params
        if key.lower() != b"tag"
    )
    return name + b"<" + address.uri + b">" + params


def _quoted(display: bytes) -> bytes:
    return display.replace(b"\\", b"\\\\").replace(b'"', b'\\"')


def forwards_left(request: Request) -> int:
    """Max-Forwards for the other side; below 0 the call has gone too far (RFC 3261 §16.3)."""
    given = request.max_forwards
    return (MAX_FORWARDS if given is None else min(given, MAX_FORWARDS)) - 1
