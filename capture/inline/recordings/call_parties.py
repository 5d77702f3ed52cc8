"""Who is at the two ends of an inline call by now, on which side, and how that is known.

Steps over the exchange (docs/inline.md, Who is there). Knows nothing of what headers say of them.
"""

from typing import Final

import msgspec

from archive.call.event_values import Side as PartySide, SideBecause
from archive.call.mentions import Mention
from archive.call.number_shape import MAX_EXTENSION_DIGITS
from archive.call.numbers import Number, party_number, user_part
from capture.inline.recordings.parties import by_rules, called_address, parties_of, whos
from capture.inline.recordings.party_names import is_first
from capture.inline.recordings.streams import Party
from capture.inline.state.bridged_calls import BridgedCall, Who
from capture.inline.state.exchange import Exchange
from capture.links.relay_messages import Side
from capture.peers.sources import Source
from capture.raw_text import text_of
from capture.recording.session import RecordingSession

_Decided = tuple[PartySide, SideBecause]
_RULES: Final = frozenset({"internal_number", "internal_domain"})
# By these a call says that it was led here from elsewhere.
_DIVERTING: Final = frozenset({"diversion", "history-info"})


def parties_at(
    exchange: Exchange, bridged: BridgedCall, session: RecordingSession
) -> tuple[Party, Party]:
    """Caller and callee by now; the route has decided of who was there first alone."""
    source = exchange.node.source_of(session)
    direction, ends = bridged.call.plan.labels.direction, whos(bridged)
    found = parties_of(ends, source, direction)
    # Where both are ours a header is of who has sent it.
    is_internal = {party.side for party in found} == {"agent"}
    told = bridged.agents
    answers_as = told.answers_as if is_internal else told.id or told.answers_as
    named = parties_of(ends, source, direction, (text_of(told.id), text_of(answers_as)))
    is_led = direction == "outbound" and is_forwarded(ends, source, session.metadata.mentions)
    caller = _party(exchange, bridged, Side.CALLER, (named, found), is_led=is_led)
    callee = _party(exchange, bridged, Side.CALLEE, (named, found), is_led=False)
    if direction and callee == named[Side.CALLEE] and callee.side == "agent":
        decided = _answerer(exchange, bridged, session.call.country)
        if decided is not None:
            # Whoever is none of ours has no id of the agent's.
            of = callee if decided[0] == "agent" else found[Side.CALLEE]
            callee = msgspec.structs.replace(of, side=decided[0], because=decided[1])
    return caller, callee


def _answerer(exchange: Exchange, bridged: BridgedCall, country: str) -> _Decided | None:
    """The side of who answers in the place of one of ours, where he says that he is another.

    None where he says nothing, or is whom the route means: the number that was dialled, or another
    one within the house. Without rules a full number is somebody's whom nobody knows.
    """
    ends, dialled = whos(bridged), called_address(bridged.call, bridged.invite)
    answers = ends[Side.CALLEE][0]
    if user_part(answers) == user_part(dialled):
        return None
    said = party_number(answers, (), country)
    if not said.reversed_digits or _plain(said) == _plain(party_number(dialled, (), country)):
        return None
    source = source_at(exchange, bridged, Side.CALLEE)
    if _has_rules(source):
        return _by_rules_of(source, ends, Side.CALLEE)
    is_short = not said.e164 and len(said.reversed_digits) <= MAX_EXTENSION_DIGITS
    return None if is_short else ("agent", "place")


def _plain(number: Number) -> str:
    return number.e164 or number.raw


def _party(
    exchange: Exchange,
    bridged: BridgedCall,
    side: Side,
    told: tuple[tuple[Party, Party], tuple[Party, Party]],
    *,
    is_led: bool,
) -> Party:
    named, found = told
    if is_first(bridged, side):
        if not is_led:
            return named[side]
        return msgspec.structs.replace(found[side], side="unknown", because="forwarded")
    if not bridged.call.plan.labels.direction:
        return found[side]
    came, because = _newcomer(whos(bridged), side, source_at(exchange, bridged, side), found[side])
    return msgspec.structs.replace(found[side], side=came, because=because)


def _newcomer(ends: tuple[Who, Who], side: Side, source: Source, place: Party) -> _Decided:
    """Who takes a place is ours where the rules of his end say so, else by a guess what it was.

    Where they say that he is not, the place of one of ours says nothing of him.
    """
    decided = _by_rules_of(source, ends, side)
    if decided[0] == "agent" or (place.side == "agent" and _has_rules(source)):
        return decided
    return place.side, "place"


def _has_rules(source: Source) -> bool:
    return bool(source.internal_numbers or source.internal_domains)


def _by_rules_of(source: Source, ends: tuple[Who, Who], side: Side) -> _Decided:
    """Ours by the rules of a source, else on no known side."""
    decided = by_rules(ends, source)[side]
    if decided[0] == "agent" and decided[1] in _RULES:
        return decided
    return "unknown", "internal_number" if source.internal_numbers else "internal_domain"


def is_forwarded(ends: tuple[Who, Who], source: Source, mentions: tuple[Mention, ...]) -> bool:
    """Does one of ours lead a call of somebody else's out again?

    Then who calls is nobody of ours by the rules of the source; without any, none of those who
    lead it on.
    """
    diverting = {
        user_part(each.address)
        for each in mentions
        if each.told_as == "redirected_by" and each.key.lower() in _DIVERTING
    }
    if not diverting:
        return False
    if _has_rules(source):
        return _by_rules_of(source, ends, Side.CALLER)[0] != "agent"
    return user_part(ends[Side.CALLER][0]) not in diverting


def source_at(exchange: Exchange, bridged: BridgedCall, side: Side) -> Source:
    """The source of who is at an end: his own, or that of the target at which we have called him.

    One without rules where nobody knows of any.
    """
    name = bridged.sides.sources[side]
    if not name:
        name = bridged.call.end(side).peer
        attempt = bridged.successor if side in bridged.sides.moved else bridged.attempt
        if attempt is not None:
            target, host = exchange.target(name), attempt.flow.remote.host
            name = exchange.owner_at(bridged, target, host).source
    return exchange.node.peers.sources.named(name)
