"""Calls that seem to follow one another: a call-back, or the same party on the line again.

Pure. Inferred from who took part and when, never from an id: whoever shares an id is of one call
already. Knows nothing of who may see which call.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from archive.call.direction import Direction
from archive.ids import ConversationId

# Who is called back is so over a weekend; later nobody means this call any more. A guess.
CALL_BACK_US: Final = 4 * 24 * 3_600 * 1_000_000
# Who was cut off calls again at once, or after he has looked for the number. A guess.
CALL_AGAIN_US: Final = 10 * 60 * 1_000_000
# A call whose line is dead may be up so long after its party has called anew. A guess.
LINGERS_US: Final = 60 * 1_000_000
# Fewer digits are an extension's or a service's: they name no party.
LEAST_DIGITS: Final = 6
# More are no story that a page can tell: a number that everybody has.
MOST_LINKS: Final = 20

LinkBecause = Literal["called_back", "called_again"]
Shared = Literal["agent", "queue", "extension"]
Place = Literal["before", "after"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkableCall:
    """A call by what may link it to another; times in µs since 1970 UTC.

    `parties` are the outside numbers from the end, `extensions` those of our side of which nobody
    knows who sat there.
    """

    conversation: ConversationId
    started_us: int
    ended_us: int
    direction: Direction
    parties: frozenset[str]
    agents: frozenset[str] = frozenset()
    queues: frozenset[str] = frozenset()
    extensions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class InferredLink:
    """Another call, `before` or `after` the one that was asked for; `shared` beside the party."""

    call: LinkableCall
    because: LinkBecause
    place: Place
    shared: tuple[Shared, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InferredLinks:
    """Those of one call, in the order in which they began; `is_more`: not all of them."""

    links: tuple[InferredLink, ...] = ()
    is_more: bool = False


def names_a_party(reversed_digits: str) -> bool:
    """A number can be somebody's outside: a withheld one has no digits at all."""
    return len(reversed_digits) >= LEAST_DIGITS


def links_of(own: LinkableCall, others: Iterable[LinkableCall]) -> InferredLinks:
    """The calls that seem to go with one; of too many the nearest."""
    found = [link for each in others if (link := _link(own, each)) is not None]
    nearest = sorted(
        found, key=lambda each: (abs(each.call.started_us - own.started_us), _order(each))
    )
    kept = tuple(sorted(nearest[:MOST_LINKS], key=_order))
    return InferredLinks(links=kept, is_more=len(found) > MOST_LINKS)


def _order(link: InferredLink) -> tuple[int, bytes]:
    return link.call.started_us, link.call.conversation.raw


def _link(own: LinkableCall, other: LinkableCall) -> InferredLink | None:
    if own.conversation == other.conversation or own.parties.isdisjoint(other.parties):
        return None
    shared = _shared(own, other)
    place: Place = "before" if other.started_us < own.started_us else "after"
    because = _because(other, own) if place == "before" else _because(own, other)
    if because is None or not shared:
        return None
    return InferredLink(call=other, because=because, place=place, shared=shared)


def _shared(own: LinkableCall, other: LinkableCall) -> tuple[Shared, ...]:
    both: tuple[tuple[Shared, frozenset[str]], ...] = (
        ("agent", own.agents & other.agents),
        ("queue", own.queues & other.queues),
        ("extension", own.extensions & other.extensions),
    )
    return tuple(kind for kind, values in both if values)


def _because(first: LinkableCall, then: LinkableCall) -> LinkBecause | None:
    """The link of the later one to the earlier; None where nobody knows who called."""
    between_us = then.started_us - first.ended_us
    match first.direction, then.direction:
        case ("inbound", "outbound") | ("outbound", "inbound"):
            return "called_back" if 0 <= between_us <= CALL_BACK_US else None
        case ("inbound", "inbound") | ("outbound", "outbound"):
            return "called_again" if -LINGERS_US <= between_us <= CALL_AGAIN_US else None
        case _:
            return None
