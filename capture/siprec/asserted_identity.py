"""Who speaks in a call that comes without metadata, as the headers of its requests say it.

Rules over one request. Knows nothing of sides' rules or of sessions.
"""

import re
from collections.abc import Iterator
from typing import Final, Literal

from archive.call.numbers import user_part
from capture.errors import PeerBrokeProtocol
from capture.metadata.participant_changes import PresentParticipant
from capture.metadata.snapshot import Name
from capture.metadata.stream_parties import ELSEWHERE, StreamParty
from capture.peers.sources import Source
from capture.raw_text import text_of
from capture.sip.address import NameAddress, parse_address
from capture.sip.message import Request

_MAX_PARTIES: Final = 16
_MEDIA_INDEX: Final = re.compile(rb"\d{1,3}")


def asserted_in(request: Request, source: Source) -> tuple[StreamParty, ...]:
    """The parties that a request names: Cisco's headers, else who is said to call.

    Of a source that records by plain calls he whose media comes is P-Asserted-Identity (RFC 3325
    §9.1), else From. An address that cannot be read names nobody.
    """
    found = tuple(_by_index(request)) or tuple(_by_end(request))
    if found or source.mode == "siprec":
        return found[:_MAX_PARTIES]
    caller = next(_addresses(request.values(b"p-asserted-identity")), request.from_address)
    return (_party(0, text_of(caller.uri), text_of(caller.display)),)


def presence_of(parties: tuple[StreamParty, ...]) -> tuple[PresentParticipant, ...]:
    return tuple(
        PresentParticipant(
            participant=each.participant_id, aor=each.aor, sends=(str(each.position),)
        )
        for each in parties
    )


def _by_index(request: Request) -> Iterator[StreamParty]:
    """CUBE without SIPREC: a header for each m-line, which it names by its place."""
    for address in _addresses(request.values(b"x-cisco-recording-participant")):
        index = address.param(b"media-index") or b""
        digits = index.strip(b'"')
        if _MEDIA_INDEX.fullmatch(digits):
            yield _party(int(digits), text_of(address.uri), text_of(address.display))


def _by_end(request: Request) -> Iterator[StreamParty]:
    """CUCM: two one-way dialogs, of the phone (near end) and of whom it talks to (far end).

    Both parties are parameters of the URI in From; each dialog brings the voice of one.
    """
    uri = text_of(request.from_address.uri)
    place, *pieces = uri.split(";")
    told = {name.lower(): value for name, _, value in (each.partition("=") for each in pieces)}
    is_near, is_far = "x-nearend" in told, "x-farend" in told
    if is_near is is_far:
        return
    near = _at(place, told.get("x-nearendaddr", "") or user_part(place))
    far = _at(place, told.get("x-farendaddr", ""))
    yield _party(0 if is_near else ELSEWHERE, near, side="agent")
    if far:
        yield _party(0 if is_far else ELSEWHERE, far, side="customer")


def _at(place: str, user: str) -> str:
    """The address of another user at the same host; "" for none."""
    return f"sip:{user}@{place.rpartition('@')[2]}" if user else ""


def _addresses(values: list[bytes]) -> Iterator[NameAddress]:
    for value in values:
        try:
            yield parse_address(value)
        except PeerBrokeProtocol:
            continue


def _party(
    position: int, aor: str, name: str = "", *, side: Literal["", "customer", "agent"] = ""
) -> StreamParty:
    return StreamParty(
        position=position,
        label="",
        participant_id=aor,
        aor=aor,
        user=user_part(aor),
        names=(Name(name),) if name else (),
        side=side,
    )
