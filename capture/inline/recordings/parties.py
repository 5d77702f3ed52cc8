"""Who is at the two ends of an inline call, and which of them is the customer.

Rules over the INVITE, the route and the source. Knows nothing of dialogs.
"""

from typing import Final

from archive.call.events import Side as PartySide, SideBecause
from archive.call.numbers import user_part
from capture.errors import PeerBrokeProtocol
from capture.inline.recordings.streams import Party
from capture.inline.routing.route import CallDirection
from capture.inline.state.bridged_calls import BridgedCall, Who
from capture.inline.state.call import InlineCall
from capture.links.relay_messages import Side
from capture.metadata.stream_parties import StreamParty
from capture.peers.sources import Source
from capture.raw_text import text_of
from capture.recording.party_sides import sides
from capture.sip.address import NameAddress, parse_address
from capture.sip.message import Message, Request

_Decided = tuple[PartySide, SideBecause]
_SIDES: Final[dict[CallDirection, tuple[PartySide, PartySide]]] = {
    "inbound": ("customer", "agent"),
    "outbound": ("agent", "customer"),
    "internal": ("agent", "agent"),
}


def caller_address(invite: Request) -> NameAddress:
    """Who calls, as a network vouches for it, else as he says (RFC 3325 §9.1)."""
    return asserted_in(invite) or invite.from_address


def asserted_in(message: Message) -> NameAddress | None:
    """The P-Asserted-Identity of a message, else its Remote-Party-ID; None without either."""
    for name in (b"p-asserted-identity", b"remote-party-id"):
        for value in message.elements(name):
            try:
                return parse_address(value)
            except PeerBrokeProtocol:
                continue
    return None


def called_address(call: InlineCall, invite: Request) -> str:
    """Who is called: the number that is dialled, at the place that the caller named."""
    host = text_of(invite.uri).rpartition("@")[2] or text_of(invite.uri)
    return f"sip:{text_of(call.plan.number)}@{host}"


def dialled_address(bridged: BridgedCall) -> str:
    """Whom we have called: the number that is dialled, or whom a redirection has named since."""
    dialled = called_address(bridged.call, bridged.invite)
    if bridged.attempt is None:
        return dialled
    led = text_of(bridged.attempt.uri)
    if user_part(led) in {"", user_part(dialled)}:
        return dialled
    user, _, place = led.rpartition("@")
    return f"{user}@{place.partition(';')[0]}"


def whos(bridged: BridgedCall) -> tuple[Who, Who]:
    """Caller and callee as they are known by now."""
    invite = bridged.invite
    caller = caller_address(invite)
    return (
        bridged.calls_as if bridged.calls_as[0] else (text_of(caller.uri), text_of(caller.display)),
        bridged.answered_by if bridged.answered_by[0] else (dialled_address(bridged), ""),
    )


def parties_of(
    ends: tuple[Who, Who],
    source: Source,
    direction: CallDirection,
    agents: tuple[str, str] = ("", ""),
) -> tuple[Party, Party]:
    """Caller and callee from their (address, name): sides by the route, else by the source's rules.

    `agents` are the ids of either end, where that is ours and the call says one.
    """
    decided = _decided(ends, source, direction)
    return (
        _party(ends[Side.CALLER], decided[0], agents[Side.CALLER]),
        _party(ends[Side.CALLEE], decided[1], agents[Side.CALLEE]),
    )


def _decided(
    ends: tuple[Who, Who], source: Source, direction: CallDirection
) -> tuple[_Decided, _Decided]:
    if direction:
        caller, callee = _SIDES[direction]
        return (caller, "route"), (callee, "route")
    return by_rules(ends, source)


def by_rules(ends: tuple[Who, Who], source: Source) -> tuple[_Decided, _Decided]:
    """The sides of caller and callee by the rules of a source, else by a guess."""
    told = [
        StreamParty(position=at, label="", participant_id=aor, aor=aor, user=user_part(aor))
        for at, (aor, _) in enumerate(ends)
    ]
    found = sides(told, [0, 1], source)
    return found[0], found[1]


def _party(who: Who, decided: _Decided, agent: str) -> Party:
    aor, name = who
    side, because = decided
    also = f"sip:{agent}@{aor.rpartition('@')[2] or 'invalid'}" if agent and side == "agent" else ""
    return Party(aor=aor, name=name, also="" if also == aor else also, side=side, because=because)
