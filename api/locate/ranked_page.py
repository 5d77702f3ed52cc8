"""A page of a ranking: which candidates are on it, what is stored of them, how each clue fits.

Knows the index. Knows nothing of who asks beyond his grant.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

import numpy as np

from api.locate.candidate_rows import party_calls
from api.locate.lookups import Lookups
from api.locate.question import MAX_LOST, LocatedCall, LostCounts, RankedCall
from api.locate.sight import Sight
from archive.catalog.destruction.tombstones import tombstones_by_row
from archive.catalog.locating.call_facts import (
    conversation_facts,
    destroyed_facts,
    unrecorded_facts,
)
from archive.catalog.locating.lost_calls import Gone, NotRecorded
from archive.catalog.search.ledger import unrecorded_calls
from archive.catalog.search.located_calls import StoredCalls, conversation_ids, stored_calls
from archive.locate.answer.bursts import Burst, PartyCall, burst_of
from archive.locate.answer.confirmed import Standing, is_confirmed
from archive.locate.answer.facts import ConversationFacts
from archive.locate.answer.verdicts import Context, verdicts
from archive.locate.clues import HappenedClue
from archive.locate.ranking.asked import Asked
from archive.locate.ranking.explained import explain
from archive.locate.ranking.ranked_calls import Candidate, Ranking
from archive.locate.ranking.ratios import Floats
from archive.locate.who.similarity import name_similarity
from archive.moments import moment

_DECIMALS: Final = 6
_NO_BURST: Final = Burst(calls=(), others=0)


@dataclass(frozen=True, kw_only=True)
class PageGround:
    """What a page is made of."""

    sight: Sight
    asked: Asked
    lookups: Lookups

    @cached_property
    def context(self) -> Context:
        """What verdicts are judged by; the same name is compared once."""
        zone = self.asked.zone
        return Context(
            zone=zone,
            today=moment(self.asked.last_us).astimezone(zone).date(),
            others=self.lookups.others,
            compare_names=cache(name_similarity),
        )


def recorded_calls(
    ground: PageGround, ranking: Ranking, shown: Sequence[Candidate]
) -> tuple[LocatedCall, ...]:
    """Those of a page of a ranking."""
    sight, rows = ground.sight, [each.conversation for each in shown]
    stored = stored_calls(sight.connection, sight.tenant, sight.allowed, rows)
    asks_course = any(isinstance(each.value, HappenedClue) for each in ground.asked.clues)
    facts = conversation_facts(
        sight.connection,
        sight.tenant,
        stored,
        sight.people,
        course_within=sight.allowed if asks_course else None,
    )
    beside = _Beside(_bursts(ground, facts), _gaps(ranking.candidates, shown))
    explained = zip(shown, explain(ranking.weighed, shown), strict=True)
    return tuple(
        _recorded(ground, (each, weights), (stored, facts[each.conversation]), beside)
        for each, weights in explained
        if each.conversation in facts
    )


@dataclass(frozen=True, slots=True)
class _Beside:
    """By call its burst, and how far it is from the others."""

    bursts: Mapping[int, Burst]
    gaps: Mapping[int, float]


def _recorded(
    ground: PageGround,
    candidate: tuple[Candidate, Mapping[int, float]],
    told: tuple[StoredCalls, ConversationFacts],
    beside: _Beside,
) -> LocatedCall:
    (own, weights), (stored, facts) = candidate, told
    clues = ground.asked.clues
    found = verdicts(clues, facts, ground.context)
    standing = Standing(chance=own.chance, gap=beside.gaps[own.conversation])
    calls = tuple(stored.found[row] for row in stored.conversations[own.conversation])
    return LocatedCall(
        state=facts.state,
        chance=own.chance,
        score=own.score,
        verdicts=found,
        is_confirmed=is_confirmed(clues, found, standing),
        recorded=RankedCall(
            conversation=calls[0].conversation,
            calls=calls,
            burst=beside.bursts.get(own.conversation, _NO_BURST),
            weights=tuple(round(weights.get(at, 0.0), _DECIMALS) for at in range(len(clues))),
        ),
    )


def _gaps(best: Sequence[Candidate], shown: Sequence[Candidate]) -> Mapping[int, float]:
    """How far each is above the best of the others: of all but the first that is below it."""
    first = best[0] if best else None
    second = best[1].weight if len(best) > 1 else float("-inf")
    return {
        each.conversation: each.weight
        - (first.weight if first and each.conversation != first.conversation else second)
        for each in shown
    }


def _bursts(ground: PageGround, facts: Mapping[int, ConversationFacts]) -> Mapping[int, Burst]:
    """Of each conversation the other calls of its party near it."""
    parties = {
        row: {
            call: at_us
            for number in own.numbers
            for call, at_us in party_calls(ground.sight.months, number, own.begin_us).items()
        }
        for row, own in facts.items()
    }
    rows = {call for party in parties.values() for call in party}
    ids = conversation_ids(ground.sight.connection, ground.sight.tenant, rows)
    return {
        row: burst_of(
            PartyCall(own.begin_us, own.conversation),
            (PartyCall(at_us, ids[call]) for call, at_us in parties[row].items() if call in ids),
        )
        for row, own in facts.items()
        if own.conversation is not None
    }


def lost_calls(
    ground: PageGround, ranking: Ranking, lost: NotRecorded, left: Gone
) -> tuple[LocatedCall, ...]:
    """The likeliest of those without a recording, `MAX_LOST` at most, the likeliest first."""
    found = [
        *((float(ranking.unrecorded[at]), at, True) for at in likeliest(ranking.unrecorded)),
        *((float(ranking.destroyed[at]), at, False) for at in likeliest(ranking.destroyed)),
    ]
    some = sorted(found, key=lambda each: (-each[0], not each[2], each[1]))[:MAX_LOST]
    return tuple(_lost(ground, some, lost, left))


def lost_counts(ranking: Ranking, *, is_cut: bool) -> LostCounts:
    """How many of them have any chance."""
    lost = (ranking.unrecorded, ranking.destroyed)
    return LostCounts(total=sum(int((each > 0).sum()) for each in lost), is_cut=is_cut)


def likeliest(chances: Floats) -> list[int]:
    """Places among which are the first `MAX_LOST` of all, the likeliest first; none of chance 0."""
    behind = max(len(chances) - MAX_LOST, 0)
    least = np.partition(chances, behind)[behind] if behind else 0.0
    above, alike = chances > least, np.flatnonzero((chances == least) & (chances > 0))
    return [*np.flatnonzero(above).tolist(), *alike[:MAX_LOST].tolist()]


def _lost(
    ground: PageGround,
    some: Sequence[tuple[float, int, bool]],
    lost: NotRecorded,
    left: Gone,
) -> Iterator[LocatedCall]:
    calls = unrecorded_calls(
        ground.sight.connection,
        ground.sight.tenant,
        [int(lost.rows[at]) for _, at, own in some if own],
    )
    stones = tombstones_by_row(
        ground.sight.connection,
        ground.sight.tenant,
        [int(left.rows[at]) for _, at, own in some if not own],
    )
    for chance, at, is_unrecorded in some:
        if is_unrecorded and (row := calls.get(int(lost.rows[at]))) is not None:
            facts = unrecorded_facts(
                int(lost.start_us[at]), lost.numbers.at(at), int(lost.flags[at])
            )
            found = verdicts(ground.asked.clues, facts, ground.context)
            yield LocatedCall(state="not_recorded", chance=chance, verdicts=found, unrecorded=row)
        elif not is_unrecorded and (stone := stones.get(int(left.rows[at]))) is not None:
            found = verdicts(ground.asked.clues, destroyed_facts(stone), ground.context)
            yield LocatedCall(state="destroyed", chance=chance, verdicts=found, destroyed=stone)


def merged(recorded: Sequence[LocatedCall], lost: Sequence[LocatedCall]) -> tuple[LocatedCall, ...]:
    """Both by their chance, of the recorded in the order that they have."""
    waiting, found = list(lost), list[LocatedCall]()
    for each in recorded:
        while waiting and waiting[0].chance > each.chance:
            found.append(waiting.pop(0))
        found.append(each)
    return (*found, *waiting)
