"""What is worth a look in a policy before it is taken over.

Pure, of rules alone; what becomes of recordings a simulation says. Knows nothing of an archive but
the names that its recordings have.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive.attributes import AttributeKind
from archive.folded_names import writing
from retention.policies.policy import RetentionPolicy
from retention.rules.match import Match, Values
from retention.rules.period import Period
from retention.rules.rule import Asset, Rank, RetentionRule


@dataclass(frozen=True, slots=True)
class KeptPastItsEnd:
    """Between both a recording is restricted: one rule keeps it when another wants it gone."""

    keeps: str
    deletes: str
    asset: Asset


@dataclass(frozen=True, slots=True)
class Shadowed:
    """A rule that never decides: another fits all that it fits and is more specific."""

    rule: str
    by: str


@dataclass(frozen=True, slots=True)
class WithoutEnd:
    """No rule says of every recording when its audio must go."""


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A queue that no rule names."""

    queue: str


@dataclass(frozen=True, slots=True)
class FitsNothing:
    """A rule that fits no recording: none has any of what it names of a kind."""

    rule: str
    kind: AttributeKind


@dataclass(frozen=True, slots=True)
class Unused:
    """Something that a rule names beside others, and no recording has."""

    rule: str
    kind: AttributeKind
    value: str


@dataclass(frozen=True, slots=True)
class WrittenOtherwise:
    """Recordings have another name than a rule that differs from it in its writing alone."""

    rule: str
    kind: AttributeKind
    value: str
    used: str


@dataclass(frozen=True, slots=True)
class AsksUnknownDirection:
    """A rule for calls of which the direction is not known: it is decided of none of them."""

    rule: str


Finding = (
    KeptPastItsEnd
    | Shadowed
    | WithoutEnd
    | Uncovered
    | FitsNothing
    | Unused
    | WrittenOtherwise
    | AsksUnknownDirection
)


def findings(policy: RetentionPolicy, names: Values) -> list[Finding]:
    """Everything that was found; `names` are those that recordings have of some kinds, folded."""
    queues = names.get(AttributeKind.QUEUE, frozenset())
    return [
        *_unfitting(policy.rules, names),
        *_asking_unknown(policy.rules),
        *_kept_past(policy.rules),
        *_shadowed(policy.rules),
        *_without_end(policy.rules),
        *_uncovered(policy.rules, queues),
    ]


def _unfitting(rules: Iterable[RetentionRule], names: Values) -> Iterator[Finding]:
    """Of an archive in which nothing has a name yet nothing can be said."""
    if not any(names.values()):
        return
    for rule in rules:
        for kind, used in names.items():
            fits = rule.match.fits.get(kind, frozenset())
            if fits and fits.isdisjoint(used):
                yield FitsNothing(rule.id, kind)
            elif fits:
                yield from (Unused(rule.id, kind, each) for each in sorted(fits - used))
            named = fits | rule.match.excludes.get(kind, frozenset())
            yield from _written_otherwise(rule.id, kind, named, used)


def _written_otherwise(
    rule: str, kind: AttributeKind, named: Iterable[str], used: Iterable[str]
) -> Iterator[Finding]:
    alike: dict[str, list[str]] = {}
    for each in sorted(used):
        alike.setdefault(writing(each), []).append(each)
    for value in sorted(named):
        others = alike.get(writing(value), ()) if writing(value) else ()
        yield from (WrittenOtherwise(rule, kind, value, each) for each in others if each != value)


def _asking_unknown(rules: Iterable[RetentionRule]) -> Iterator[Finding]:
    kind = AttributeKind.DIRECTION
    for rule in rules:
        named = rule.match.fits.get(kind, frozenset()) | rule.match.excludes.get(kind, frozenset())
        if kind.attribute.unknown in named:
            yield AsksUnknownDirection(rule.id)


def _kept_past(rules: Iterable[RetentionRule]) -> Iterator[Finding]:
    every = list(rules)
    for asset in Asset:
        for keeping in every:
            for deleting in every:
                if _keeps_longer(keeping, deleting, asset):
                    yield KeptPastItsEnd(keeping.id, deleting.id, asset)


def _keeps_longer(keeping: RetentionRule, deleting: RetentionRule, asset: Asset) -> bool:
    kept, gone = keeping.terms_of(asset).keep_at_least, deleting.terms_of(asset).delete_after
    if kept is None or not isinstance(gone, Period):
        return False
    is_covered = keeping.counting == deleting.counting and gone.is_never_shorter_than(kept)
    return not is_covered and _may_meet(keeping.match, deleting.match)


def _may_meet(one: Match, other: Match) -> bool:
    """Whether a recording can fit both, as far as both name values of one kind."""
    apart = any(
        one.fits[kind].isdisjoint(other.fits[kind]) and kind.attribute.is_single
        for kind in one.fits.keys() & other.fits.keys()
    )
    return not apart and not _excludes(one, other) and not _excludes(other, one)


def _excludes(one: Match, other: Match) -> bool:
    return any(
        other.fits[kind] <= one.excludes[kind] for kind in one.excludes.keys() & other.fits.keys()
    )


def _shadowed(rules: Iterable[RetentionRule]) -> Iterator[Finding]:
    own = [each for each in rules if each.rank is Rank.POLICY]
    for rule in own:
        for other in own:
            if other.specificity > rule.specificity and _decides_for(other, rule):
                yield Shadowed(rule.id, other.id)
                break


def _decides_for(other: RetentionRule, rule: RetentionRule) -> bool:
    """Whether `other` says all that `rule` says, of all that it fits."""
    says_all = all(
        (terms.keep_at_least is None or other.terms_of(asset).keep_at_least is not None)
        and (terms.delete_after is None or other.terms_of(asset).delete_after is not None)
        for asset, terms in rule.terms.items()
    )
    return says_all and _holds(other.match.fits, rule.match.fits) and not other.match.excludes


def _holds(wide: Values, narrow: Values) -> bool:
    return all(kind in narrow and narrow[kind] <= values for kind, values in wide.items())


def _without_end(rules: Iterable[RetentionRule]) -> Iterator[Finding]:
    has_end = any(
        isinstance(rule.terms_of(Asset.AUDIO).delete_after, Period) and rule.match == Match()
        for rule in rules
    )
    if not has_end:
        yield WithoutEnd()


def _uncovered(rules: Iterable[RetentionRule], queues: Iterable[str]) -> Iterator[Finding]:
    named = {
        queue for rule in rules for queue in rule.match.fits.get(AttributeKind.QUEUE, frozenset())
    }
    return (Uncovered(queue) for queue in sorted(set(queues) - named))
