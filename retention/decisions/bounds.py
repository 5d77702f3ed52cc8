"""Until when a recording must be kept and from when on it must go, by the rules alone.

Pure. Retention wins over deletion later on; knows nothing of holds, cases or of what time it is.
Source: precedence P0, P5-P7 and P9 of `docs/retention.md`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from retention.policies.policy import RetentionPolicy
from retention.rules.conditions import AttributeKind, Facts
from retention.rules.deadline import FOREVER, over_at
from retention.rules.period import Period
from retention.rules.rule import NOTHING_SAID, Asset, Never, Rank, RetentionRule


@dataclass(frozen=True, slots=True)
class Unknown:
    """What a rule asks of a recording that is not known: a kind, or an event."""

    rule: str
    what: str


# Before every floor.
_EVER: Final = datetime.min.replace(tzinfo=UTC)
# Places of floor, floor of law and ceiling, the earliest first, each with its rules.
Winning = tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """A moment (UTC; `FOREVER`: it has no end), and the rules that make it, sorted."""

    at: datetime
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """`floor`: kept until then; `law_floor` by rules of rank law alone; `ceiling`: gone after then.

    None: no rule says so. `purposes`: for which it may be used between ceiling and floor,
    `law_purposes` until `law_floor` where only that keeps it.
    """

    floor: Bound | None = None
    law_floor: Bound | None = None
    ceiling: Bound | None = None
    purposes: frozenset[str] = frozenset()
    law_purposes: frozenset[str] = frozenset()
    unknown: tuple[Unknown, ...] = ()

    @property
    def winning(self) -> Winning:
        """Which rules make its bounds, and the order in which they come."""
        own = (self.floor, self.law_floor, self.ceiling)
        late = sorted(range(len(own)), key=lambda at: found.at if (found := own[at]) else _EVER)
        return tuple((at, found.rules if (found := own[at]) else ()) for at in late)

    @property
    def due_at(self) -> datetime:
        """When it must go, if nothing else protects it; `FOREVER` without an end."""
        if self.ceiling is None or self.unknown:
            return FOREVER
        return max(self.floor.at, self.ceiling.at) if self.floor else self.ceiling.at


@dataclass(frozen=True, slots=True)
class _Says:
    rule: RetentionRule
    at: datetime


@dataclass(frozen=True, slots=True)
class _Asked:
    asset: Asset
    own: Facts
    others: Sequence[Facts]


@dataclass(frozen=True, slots=True)
class _Said:
    minima: list[_Says]
    maxima: list[_Says]
    unknown: list[Unknown]


def bounds(
    policy: RetentionPolicy, own: Facts, asset: Asset, others: Sequence[Facts] = ()
) -> Bounds:
    """The bounds of one thing of a recording; `others` are those of its conversation."""
    alone = _bounds(policy, own, asset, others)
    if asset is not Asset.METADATA:
        return alone
    return _with_audio(alone, _bounds(policy, own, Asset.AUDIO, others))


def _with_audio(metadata: Bounds, audio: Bounds) -> Bounds:
    """Metadata goes with the audio where no rule speaks of it, and never before.

    What restricts the audio restricts it, from its own maximum on at the earliest; where rules keep
    it and none says when it goes, it has no end (P9).
    """
    both = _both(metadata, audio)
    is_said = metadata.floor or metadata.ceiling
    return both if is_said else replace(audio, unknown=both.unknown)


def _both(one: Bounds, other: Bounds) -> Bounds:
    """Of each bound the later of two: it goes when both let it go."""
    floor = _later(one.floor, other.floor)
    law_floor = _later(one.law_floor, other.law_floor)
    has_end = one.ceiling and other.ceiling
    return Bounds(
        floor=floor,
        law_floor=law_floor,
        ceiling=_later(one.ceiling, other.ceiling) if has_end else None,
        purposes=_of_latest(floor, (one.floor, one.purposes), (other.floor, other.purposes)),
        law_purposes=_of_latest(
            law_floor, (one.law_floor, one.law_purposes), (other.law_floor, other.law_purposes)
        ),
        unknown=tuple(dict.fromkeys((*one.unknown, *other.unknown))),
    )


def _later(*bound: Bound | None) -> Bound | None:
    """The latest of these; of equals one with the rules of all."""
    said = _said(*bound)
    if not said:
        return None
    at = max(each.at for each in said)
    return Bound(at, tuple(sorted({own for each in said if each.at == at for own in each.rules})))


def _of_latest(latest: Bound | None, *each: tuple[Bound | None, frozenset[str]]) -> frozenset[str]:
    """The purposes of what keeps it longest."""
    return frozenset().union(
        *(own for bound, own in each if bound and latest and bound.at == latest.at)
    )


def _bounds(policy: RetentionPolicy, own: Facts, asset: Asset, others: Sequence[Facts]) -> Bounds:
    said = _Said([], [], [])
    for rule in policy.rules:
        _ask(policy, rule, _Asked(asset, own, others), said)
    floor, law_floor = _latest(_counting(said.minima)), _latest(_of_rank(said.minima, Rank.LAW))
    return Bounds(
        floor=floor,
        law_floor=law_floor,
        ceiling=_earliest(_counting(said.maxima)),
        purposes=_purposes(policy, floor),
        law_purposes=_purposes(policy, law_floor),
        unknown=tuple(sorted(dict.fromkeys(said.unknown), key=lambda each: (each.rule, each.what))),
    )


def _ask(policy: RetentionPolicy, rule: RetentionRule, asked: _Asked, said: _Said) -> None:
    """What one rule says: a minimum, a maximum, or that it cannot know."""
    terms = rule.terms_of(asked.asset)
    is_meant = _is_meant(rule, asked.own, said) if terms != NOTHING_SAID else False
    if terms.keep_at_least:
        meant = [asked.own] if is_meant else []
        if rule.minimum.whole_conversation:
            meant += [each for each in asked.others if _is_meant(rule, each, said)]
        ends = [_end(policy, rule, each, terms.keep_at_least, said) for each in meant]
        said.minima.extend(_Says(rule, at) for at in ends)
    if terms.delete_after and is_meant:
        said.maxima.append(_Says(rule, _end(policy, rule, asked.own, terms.delete_after, said)))


def _is_meant(rule: RetentionRule, facts: Facts, said: _Said) -> bool:
    """Whether a rule is about a recording; what it would have to know is noted (P0)."""
    answer = rule.match.of(facts)
    if isinstance(answer, frozenset):
        said.unknown.extend(Unknown(rule.id, kind) for kind in answer)
        return False
    return answer


def _end(
    policy: RetentionPolicy, rule: RetentionRule, facts: Facts, period: Period | Never, said: _Said
) -> datetime:
    """When a period is over; without its event it has no end, and an unknown one is noted."""
    if isinstance(period, Never):
        return FOREVER
    begins = rule.counting.begins
    if begins not in facts.happened:
        said.unknown.append(Unknown(rule.id, begins))
    if policy.calendars.is_of_controllers and facts.values.get(AttributeKind.CONTROLLER) is None:
        said.unknown.append(Unknown(rule.id, AttributeKind.CONTROLLER))
    happened_at = facts.happened.get(begins)
    if happened_at is None:
        return FOREVER
    calendar = policy.calendars.of(facts.controller)
    return over_at(happened_at, period, rule.counting.counted_from, calendar)


def _counting(said: Sequence[_Says]) -> list[_Says]:
    """P6, P7: all of law and of contract, of policy the most specific."""
    return [each for each in said if each.rule.rank is not Rank.POLICY] + _most_specific(said)


def _of_rank(said: Iterable[_Says], rank: Rank) -> list[_Says]:
    return [each for each in said if each.rule.rank is rank]


def _most_specific(said: Iterable[_Says]) -> list[_Says]:
    """Of rank policy, those than which none is more specific."""
    own = _of_rank(said, Rank.POLICY)
    most = max((each.rule.specificity for each in own), default=0)
    return [each for each in own if each.rule.specificity == most]


def _latest(said: Sequence[_Says]) -> Bound | None:
    return _bound(said, max(each.at for each in said)) if said else None


def _earliest(said: Sequence[_Says]) -> Bound | None:
    return _bound(said, min(each.at for each in said)) if said else None


def _bound(said: Iterable[_Says], at: datetime) -> Bound:
    return Bound(at, tuple(sorted({each.rule.id for each in said if each.at == at})))


def _purposes(policy: RetentionPolicy, floor: Bound | None) -> frozenset[str]:
    """What the rules that keep it longest leave it usable for."""
    named = floor.rules if floor else ()
    return frozenset().union(*(rule.minimum.purposes for rule in policy.rules if rule.id in named))


def _said(*bound: Bound | None) -> list[Bound]:
    return [each for each in bound if each]
