"""Which party of a call is the customer and which the agent.

Rules of a source over the parties that the metadata names (pure). Knows nothing of numbers plans.
"""

from collections.abc import Sequence

from archive.events import Side, SideBecause
from capture.siprec.parties import StreamParty
from capture.sources import Source

Decided = tuple[Side, SideBecause]


def is_internal(party: StreamParty, source: Source) -> SideBecause | None:
    """Why a party is ours, None where nothing says so."""
    host = party.aor.rpartition("@")[2].partition(";")[0].partition(">")[0]
    name = host.rpartition(":")[0] if host.count(":") == 1 else host
    if name and name.lower() in {domain.lower() for domain in source.internal_domains}:
        return "internal_domain"
    if any(_matches(party.user, pattern) for pattern in source.internal_numbers):
        return "internal_number"
    return None


def _matches(number: str, pattern: str) -> bool:
    if pattern.endswith("*"):
        return number.startswith(pattern[:-1]) and bool(number)
    return number == pattern


def sides(
    parties: Sequence[StreamParty], positions: Sequence[int], source: Source
) -> dict[int, Decided]:
    """Side and reason by m-line position; without a rule that fits, the first is the customer.

    What the client says of its own dialogs goes before every rule.
    """
    if any(party.side for party in parties):
        return _told(parties, positions)
    reasons = {party.position: is_internal(party, source) for party in parties}
    if not any(reasons.values()):
        return {
            position: ("customer" if index == 0 else "agent", "first_stream")
            for index, position in enumerate(sorted(positions))
        }
    known: SideBecause = next(reason for reason in reasons.values() if reason)
    return {
        position: ("agent", reason) if (reason := reasons.get(position)) else ("customer", known)
        for position in positions
    }


def _told(parties: Sequence[StreamParty], positions: Sequence[int]) -> dict[int, Decided]:
    told: dict[int, Side] = {party.position: party.side for party in parties if party.side}
    return {position: (told.get(position, "unknown"), "client_said") for position in positions}
