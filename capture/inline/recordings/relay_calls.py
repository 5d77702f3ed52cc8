"""What the relay is told of an inline call: places, keys, numbers, who hears whom.

Follows from the call's value alone. Knows nothing of SIP.
"""

from collections.abc import Iterator
from typing import Final

from capture.inline.descriptions.beside import media_beside
from capture.inline.descriptions.speech import agreed_media, crossing_types
from capture.inline.state.call import InlineCall
from capture.inline.state.ends import End, other
from capture.inline.state.stages import RINGS, CallerStage, NoticeStage
from capture.links.relay_messages import MAX_PLACES, Place, RelayCall, RelayedEnd
from capture.sdp.crypto import is_secure, own_crypto, taken_crypto
from capture.sdp.description import Destination, MediaDescription, SessionDescription

_EVENTS: Final = "telephone-event"
_USUAL_CLOCK_HZ: Final = 8_000
_USUAL_PACKET_MS: Final = 20
# What telephones send; an offer of 60 s a packet is nobody's packet time.
_MAX_PACKET_MS: Final = 120
_UNTOLD: Final = frozenset({NoticeStage.DUE, NoticeStage.HELD})
_TALKING: Final = frozenset({CallerStage.ANSWERED, CallerStage.TALKING})


def relay_call(call: InlineCall, *, is_landed: bool) -> RelayCall:
    """The call as the relay must have it now."""
    return RelayCall(
        call=call.key,
        ends=(_end(call, call.caller), _end(call, call.callee)),
        is_joined=hear_each_other(call),
        is_landed=is_landed,
        gate_us=call.recording.gate_us,
    )


def beside_key(key: bytes) -> bytes:
    """By which the relay knows what goes beside a call's speech."""
    return key + b"+"


def call_beside(call: InlineCall) -> RelayCall | None:
    """What goes beside speech, as the relay must have it now; None where nothing may."""
    if call.caller.pair_beside < 0:
        return None
    return RelayCall(
        call=beside_key(call.key),
        ends=(_end_beside(call.caller), _end_beside(call.callee)),
        is_joined=hear_each_other(call),
        is_landed=False,
        is_raw=True,
    )


def _end_beside(end: End) -> RelayedEnd:
    media = media_beside(end.theirs)
    place = None if media is None else _place(media.rtp_destination)
    return RelayedEnd(
        pair=end.pair_beside,
        places=() if place is None else (place,),
        reports_to=None if media is None else _place(media.rtcp_destination),
        latch=end.latch,
        ssrc=0,
        first_sequence=0,
        first_timestamp=0,
    )


def hear_each_other(call: InlineCall) -> bool:
    """Joined, or the caller hears the callee's early media."""
    if call.is_joined:
        return True
    if call.callee_stage not in RINGS or call.callee.theirs is None:
        return False
    if call.caller_stage is CallerStage.EARLY:
        return call.plan.notice.order == "dial-first" or not call.notices_of_caller
    return call.caller_stage in _TALKING and _speaks_alike(call)


def _speaks_alike(call: InlineCall) -> bool:
    """Does the callee speak, before its answer, what the caller was told?"""
    told = {each.encoding.upper() for each in call.caller.agreed}
    return any(each.encoding.upper() in told for each in call.callee.agreed[:1])


def _end(call: InlineCall, end: End) -> RelayedEnd:
    media, mine = end.media, agreed_media(end.ours)
    hearing = call.end(other(end.side))
    return RelayedEnd(
        pair=end.pair,
        places=tuple(dict.fromkeys(_places(end)))[:MAX_PLACES],
        reports_to=None if media is None else _place(media.rtcp_destination),
        latch=end.latch,
        ssrc=end.ssrc,
        first_sequence=end.first_sequence,
        first_timestamp=end.first_timestamp,
        clock_hz=_clock_hz(end),
        packet_ms=_packet_ms(media),
        is_muxed=mine is not None and mine.offers_rtcp_mux,
        hears=end.listens,
        speaks=end.speaks,
        keeps_latch=call.transfer is not None and end.side is call.transfer.by,
        is_hushed=_is_hushed(call, end),
        types=_types(end.ours, hearing.theirs),
        event_types=_event_types(mine),
        keys=_keys(media),
        own_key=_own_key(mine, media),
        playing=end.plays,
    )


def _is_hushed(call: InlineCall, end: End) -> bool:
    """Has it joined a call of which something is kept, and is not told of that yet?

    What comes from a vacant side is of nobody who is in the call: of who is on the way, maybe.
    """
    if not call.recording.gate_us:
        return False
    if call.transfer is not None and call.transfer.is_vacant and end.side is call.transfer.by:
        return True
    begun = end.notice is NoticeStage.PLAYING
    return end.notice in _UNTOLD or (begun and not call.plan.notice.is_recorded)


def _places(end: End) -> Iterator[Place]:
    """Where it receives: what it said last, then each early dialog's word."""
    said = (end.theirs, *(fork.theirs for fork in end.forks))
    lines = (agreed_media(each) for each in said)
    found = (_place(line.rtp_destination) for line in lines if line is not None)
    return (place for place in found if place is not None)


def _place(where: Destination | None) -> Place | None:
    return None if where is None else Place(where.host, where.port)


def _clock_hz(end: End) -> int:
    """The RTP clock of what is played to it, else of the first codec that it has agreed on."""
    agreed = end.agreed
    if end.plays is not None:
        chosen = end.plays.payload_type
        agreed = [each for each in agreed if each.payload_type == chosen] or agreed
    return agreed[0].clock_hz if agreed else _USUAL_CLOCK_HZ


def _packet_ms(media: MediaDescription | None) -> int:
    asked = media.ptime_ms if media is not None else None
    return asked if asked and asked <= _MAX_PACKET_MS else _USUAL_PACKET_MS


def _types(
    ours: SessionDescription | None, theirs: SessionDescription | None
) -> tuple[tuple[int, int], ...]:
    return () if ours is None or theirs is None else crossing_types(ours, theirs)


def _event_types(mine: MediaDescription | None) -> tuple[int, ...]:
    """The numbers under which it sends its keys: those that we asked it to use."""
    payloads = mine.payloads if mine is not None else ()
    return tuple(each.payload_type for each in payloads if each.encoding.lower() == _EVENTS)


def _keys(media: MediaDescription | None) -> tuple[str, ...]:
    taken = taken_crypto(media) if media is not None and is_secure(media) else None
    return () if taken is None else (taken,)


def _own_key(mine: MediaDescription | None, media: MediaDescription | None) -> str:
    if mine is None or media is None or not is_secure(mine) or not is_secure(media):
        return ""
    return own_crypto(mine, taken_crypto(media))
