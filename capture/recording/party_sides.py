"""Which party of a call is the customer and which the agent.

Evidence and the rules of a source over the parties that are named (pure; docs/siprec.md has the
order). Knows nothing of numbers plans, nor of the table of agents.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from archive.call.event_values import is_guess
from archive.call.events import Side, SideBecause
from archive.call.number_shape import sides_by_shape
from archive.call.numbers import party_number, user_part, without_separators
from capture.metadata.call_roles import NO_ROLES, CallRoles
from capture.metadata.stream_parties import StreamParty
from capture.peers.sources import Source

Decided = tuple[Side, SideBecause]
_ORDER: Final[tuple[Side, Side]] = ("customer", "agent")


class FirstGuesses(msgspec.Struct, frozen=True, kw_only=True):
    """What was guessed of a call so far: by participant, and by the m-line that he spoke on."""

    people: Mapping[str, Decided] = {}
    lines: Mapping[int, Decided] = {}


NO_GUESSES: Final = FirstGuesses()


def _home_of(aor: str, source: Source) -> bool | None:
    """Is an address at one of our domains; None of one that should have a host and has none."""
    plain = aor.rpartition("<")[2]
    host = plain.rpartition("@")[2].partition(";")[0].partition(">")[0]
    if "@" not in plain and host.lower().startswith(("sip:", "sips:")) and user_part(aor):
        return None
    name = host.rpartition(":")[0] if host.count(":") == 1 else host
    return bool(name) and name.lower() in {each.lower() for each in source.internal_domains}


def _is_home(party: StreamParty, source: Source) -> bool | None:
    """By any address of a party; None where none of them says."""
    told = [_home_of(aor, source) for aor in _aors(party)]
    known = [each for each in told if each is not None]
    return any(known) if known or not told else None


def _aors(party: StreamParty) -> tuple[str, ...]:
    return tuple(each.aor for each in party.name_ids) or (party.aor,)


def _has_internal_number(party: StreamParty, source: Source) -> bool:
    users = {party.user, *(user_part(aor) for aor in _aors(party))}
    numbers = {number for user in users for number in (user, without_separators(user))}
    return any(
        fits_number(number, pattern) for number in numbers for pattern in source.internal_numbers
    )


def fits_number(number: str, pattern: str) -> bool:
    """Is it the number, or does it begin as a pattern with `*` does?"""
    if pattern.endswith("*"):
        return number.startswith(pattern[:-1]) and bool(number)
    return number == pattern


def sides_of_people(
    people: Sequence[StreamParty],
    source: Source,
    roles: CallRoles = NO_ROLES,
    before: FirstGuesses = NO_GUESSES,
) -> dict[str, Decided]:
    """Side and reason by participant; the first evidence that says anything of anybody decides.

    Without any it stays as it was guessed `before`.
    """
    if any(each.side for each in people):
        return {each.participant_id: (each.side or "unknown", "client_said") for each in people}
    ours = _ours(people, source)
    by_evidence = _recorded(people, roles) or _by_call_type(people, roles)
    if by_evidence:
        return {who: _unless_ours(side, ours.get(who)) for who, side in by_evidence.items()}
    if ours:
        known = next(iter(ours.values()))
        return {
            who: ("agent", ours[who]) if who in ours else ("customer", known)
            for who in (each.participant_id for each in people)
        }
    return _guessed(people, source.country, before)


def sides(
    parties: Sequence[StreamParty],
    positions: Sequence[int],
    source: Source,
    people: Mapping[str, Decided] | None = None,
) -> dict[int, Decided]:
    """Side and reason by m-line position; without anything that says so, the first is the customer.

    `people` are decided already where more is known of the call than who speaks. An m-line on which
    both sides speak is nobody's alone.
    """
    decided = sides_of_people(parties, source) if people is None else people
    speaking = {
        at: [decided[each.participant_id] for each in parties if each.position == at]
        for at in positions
    }
    heard = [each for found in speaking.values() for each in found]
    because = {reason for _, reason in decided.values()}
    rest = {at: _of_nobody(index, because, heard) for index, at in enumerate(sorted(positions))}
    return {at: _together(found) if found else rest[at] for at, found in speaking.items()}


def _together(found: Sequence[Decided]) -> Decided:
    side, because = found[0]
    return (side if all(each[0] == side for each in found) else "unknown", because)


def _of_nobody(index: int, because: Iterable[SideBecause], heard: Sequence[Decided]) -> Decided:
    """An m-line of which nobody is known to speak: who is not ours is the customer.

    By a guess it is the other one's beside those who are `heard`, else that of its place.
    """
    if "client_said" in because:
        return "unknown", "client_said"
    evidence = sorted(each for each in because if not is_guess(each) and each != "counterpart")
    if evidence:
        return "customer", evidence[0]
    others = any(side == "customer" for side, _ in heard) if heard else index > 0
    return _ORDER[others], "first_stream"


def _ours(people: Sequence[StreamParty], source: Source) -> dict[str, SideBecause]:
    """Who is ours by the rules of the source.

    A domain that fits everybody is that of the telephone system; it says nothing of anybody.
    """
    homes = {each.participant_id: _is_home(each, source) for each in people}
    tells_apart = len(homes) == 1 or False in homes.values()
    by_domain = {who for who, home in homes.items() if home and tells_apart}
    found: dict[str, SideBecause] = {}
    for each in people:
        if each.participant_id in by_domain:
            found[each.participant_id] = "internal_domain"
        elif _has_internal_number(each, source):
            found[each.participant_id] = "internal_number"
    return found


def _recorded(people: Sequence[StreamParty], roles: CallRoles) -> dict[str, Decided]:
    """Who is recorded is ours; the others are whom he talks to."""
    if not any(each.participant_id in roles.recorded for each in people):
        return {}
    return {
        who: ("agent", "recorded_party") if who in roles.recorded else ("customer", "counterpart")
        for who in (each.participant_id for each in people)
    }


def _by_call_type(people: Sequence[StreamParty], roles: CallRoles) -> dict[str, Decided]:
    """Of an inbound call the caller is the customer, of an outbound call he is ours."""
    if roles.call_type == "internal":
        return {each.participant_id: ("agent", "call_type") for each in people}
    if not roles.call_type or not any(each.participant_id == roles.caller for each in people):
        return {}
    caller_is_ours = roles.call_type == "outbound"
    return {
        who: ("agent", "call_type")
        if (who == roles.caller) is caller_is_ours
        else ("customer", "counterpart")
        for who in (each.participant_id for each in people)
    }


def _unless_ours(decided: Decided, ours: SideBecause | None) -> Decided:
    """Whom somebody of ours talks to may be ours as well."""
    return ("agent", ours) if ours is not None and decided[1] == "counterpart" else decided


def _guessed(
    people: Sequence[StreamParty], country: str, before: FirstGuesses
) -> dict[str, Decided]:
    """As it was guessed first, else by the shape of numbers, else by the order of m-lines.

    Who takes somebody's m-line takes his side as well; who speaks on none is on no side but by his
    number.
    """
    found = _guessed_before(people, before) or _by_shape(people, country)
    speaking = sorted((each for each in people if each.position >= 0), key=lambda p: p.position)
    for each in speaking:
        taken = {side for side, _ in found.values()}
        found.setdefault(each.participant_id, (_ORDER["customer" in taken], "first_stream"))
    return found


def _guessed_before(people: Sequence[StreamParty], before: FirstGuesses) -> dict[str, Decided]:
    known = {each.participant_id for each in people} & before.people.keys()
    taken = {each.position for each in people if each.participant_id in known}
    found = {who: before.people[who] for who in known}
    for each in people:
        if each.position in before.lines.keys() - taken:
            found.setdefault(each.participant_id, before.lines[each.position])
    return found


def _by_shape(people: Sequence[StreamParty], country: str) -> dict[str, Decided]:
    everybody = {each.participant_id: each for each in people}
    numbers = [
        [party_number(aor, tuple(name.text for name in each.names), country) for aor in _aors(each)]
        for each in everybody.values()
    ]
    found = sides_by_shape(numbers, country)
    return {who: (side, "number_shape") for who, side in zip(everybody, found, strict=False)}
