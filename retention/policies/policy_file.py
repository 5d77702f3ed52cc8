"""A retention policy read from its text: TOML, in the form of `docs/retention.md`.

Every fault is told at once. Knows nothing of files or revisions.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import time
from fractions import Fraction
from typing import Final, TypeGuard, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from archive.access.reach import NumberRange, ReachRefused
from archive.folded_names import fold_name
from retention.policies.form_flaws import form_fault
from retention.policies.policy import Calendars, Limits, RetentionPolicy
from retention.policies.policy_form import FORM, LimitsForm, PolicyForm, RuleForm, TermsForm
from retention.policies.policy_lines import line_of
from retention.rules.conditions import BEGINNINGS, CALL_END, EVENT, AttributeKind
from retention.rules.errors import PeriodUnreadable, PolicyRefused
from retention.rules.match import EVERY_RECORDING, Match, Values
from retention.rules.period import MAX_YEARS, Period
from retention.rules.policy_flaws import WHOLE, PolicyFault, PolicyFlaw, PolicyPlace, fault
from retention.rules.rule import Asset, Basis, Counting, Minimum, Never, Rank, RetentionRule, Terms

MAX_BYTES: Final = 1 << 20
_HUNDRED: Final = 100
_NOT: Final = "not"
# What is of no recording, or of none yet: a rule about it is about all of its kind.
_OF_ALL: Final = {
    Asset.JOURNAL: PolicyFlaw.JOURNAL_OF_SOME,
    Asset.LEDGER: PolicyFlaw.LEDGER_OF_SOME,
}
# Where TOML's reader gives up: it says so in English.
_AT: Final = re.compile(r"\(at line (\d+), column (\d+)\)")
_Form = TypeVar("_Form")


@dataclass(frozen=True, slots=True)
class _Faults:
    text: str
    found: list[PolicyFault] = field(default_factory=list)

    def say(self, flaw: PolicyFlaw, place: PolicyPlace, **values: int | str) -> None:
        self.add(fault(flaw, place, **values))

    def add(self, each: PolicyFault) -> None:
        self.found.append(replace(each, line=line_of(self.text, each.place)))


def read_policy(text: str) -> RetentionPolicy:
    """Read a policy. Raises `PolicyRefused` with every fault that was found."""
    if len(text.encode()) > MAX_BYTES:
        raise PolicyRefused(fault(PolicyFlaw.TOO_LONG, most=MAX_BYTES))
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        raise PolicyRefused(_broken(str(broken))) from broken
    faults = _Faults(text)
    form = _formed(document, PolicyForm, WHOLE, faults)
    if form is None:
        raise PolicyRefused(*faults.found)
    if form.form != FORM:
        faults.say(PolicyFlaw.FORM, PolicyPlace(key="form"), known=FORM)
    rules = _rules(form.rule, faults)
    calendars = _calendars(form, faults)
    if faults.found or calendars is None:
        raise PolicyRefused(*faults.found)
    return RetentionPolicy(rules=rules, calendars=calendars, limits=_limits(form.limits))


def read_rules(raw: Sequence[Mapping[str, object]], text: str) -> tuple[RetentionRule, ...]:
    """Read the rules of a text alone. Raises `PolicyRefused`."""
    faults = _Faults(text)
    rules = _rules(raw, faults)
    if faults.found:
        raise PolicyRefused(*faults.found)
    return rules


def _rules(raw: Sequence[Mapping[str, object]], faults: _Faults) -> tuple[RetentionRule, ...]:
    places = (PolicyPlace(rule=f"#{at}", number=at) for at in range(1, len(raw) + 1))
    read = [_rule(each, place, faults) for each, place in zip(raw, places, strict=True)]
    return tuple(each for each in read if each)


def _broken(said: str) -> PolicyFault:
    """What is no TOML, and where it ceases to be."""
    at = _AT.search(said)
    if at is None:
        return fault(PolicyFlaw.CUT_SHORT)
    return replace(fault(PolicyFlaw.NOT_TOML, column=at[2]), line=int(at[1]))


def _formed(
    raw: Mapping[str, object], form: type[_Form], place: PolicyPlace, faults: _Faults
) -> _Form | None:
    try:
        return msgspec.convert(raw, form)
    except msgspec.ValidationError as wrong:
        faults.add(form_fault(str(wrong), place))
        return None


def _zone(name: str, place: PolicyPlace, faults: _Faults) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        faults.say(PolicyFlaw.ZONE, place, zone=name)
        return None


def _calendars(form: PolicyForm, faults: _Faults) -> Calendars | None:
    zone = _zone(form.zone, PolicyPlace(key="zone"), faults)
    named = {
        name: _zone(of, PolicyPlace(key=f"zones.{name}"), faults) for name, of in form.zones.items()
    }
    if zone is None:
        return None
    return Calendars(
        zone=zone,
        of_controllers={fold_name(name): of for name, of in named.items() if of},
        fiscal_year_begins=form.fiscal_year_begins,
        reckoning=form.reckoning,
        reckonings={fold_name(name): each for name, each in form.reckonings.items()},
    )


def _limits(form: LimitsForm) -> Limits:
    begins, _, ends = (form.window or "").partition("-")
    return Limits(
        cooling_off_h=form.cooling_off_h,
        bulk=form.bulk,
        share_per_day=Fraction(form.share_per_day.rstrip("% ")) / _HUNDRED,
        times_median=form.times_median,
        hold_grace_days=form.hold_grace_days,
        window=(time.fromisoformat(begins), time.fromisoformat(ends)) if form.window else None,
        plan_at=time.fromisoformat(form.plan_at) if form.plan_at else None,
    )


def _rule(raw: Mapping[str, object], place: PolicyPlace, faults: _Faults) -> RetentionRule | None:
    form = _formed(raw, RuleForm, place, faults)
    if form is None:
        return None
    place = replace(place, rule=form.id)
    match = _match(form.match, place.at("match"), faults)
    rule = RetentionRule(
        id=form.id,
        terms=_all_terms(form, place, faults),
        rank=form.rank,
        match=match,
        counting=Counting(begins=_begins(form, place, faults), counted_from=form.counted_from),
        specificity=match.specificity if form.specificity is None else form.specificity,
        minimum=Minimum(
            whole_conversation=form.whole_conversation, purposes=frozenset(form.purposes)
        ),
        basis=Basis(citation=form.basis.citation, source=form.basis.source),
    )
    _check(rule, place, faults)
    return rule


def _begins(form: RuleForm, place: PolicyPlace, faults: _Faults) -> str:
    """What its periods begin with; another's name is compared as the tag that has its key is."""
    name = form.begins.removeprefix(EVENT).strip()
    if form.begins not in BEGINNINGS and (name == form.begins or not name):
        known = ", ".join((*BEGINNINGS, f"{EVENT}NAME"))
        faults.say(PolicyFlaw.BEGINNING, place.at("begins"), known=known)
    return form.begins if form.begins in BEGINNINGS else f"{EVENT}{fold_name(name)}"


def _all_terms(form: RuleForm, place: PolicyPlace, faults: _Faults) -> dict[Asset, Terms]:
    said: dict[Asset, TermsForm] = {
        Asset.AUDIO: form.audio,
        Asset.METADATA: form.metadata,
        Asset.JOURNAL: form.journal,
        Asset.LEDGER: form.ledger,
    }
    return {
        asset: _terms(terms, place.at(asset), faults)
        for asset, terms in said.items()
        if terms != TermsForm()
    }


def _terms(form: TermsForm, place: PolicyPlace, faults: _Faults) -> Terms:
    deleted: Period | Never | None
    if form.delete_after == Never.NEVER:
        deleted = Never.NEVER
    else:
        deleted = _period(form.delete_after, place.at("delete_after"), faults)
    kept = _period(form.keep_at_least, place.at("keep_at_least"), faults)
    return Terms(keep_at_least=kept, delete_after=deleted)


def _period(text: str, place: PolicyPlace, faults: _Faults) -> Period | None:
    try:
        return Period.parse(text) if text else None
    except PeriodUnreadable as wrong:
        faults.say(wrong.flaw, place, period=text, years=MAX_YEARS)
        return None


def _match(raw: Mapping[str, object], place: PolicyPlace, faults: _Faults) -> Match:
    excluded = raw.get(_NOT, {})
    fits = {kind: values for kind, values in raw.items() if kind != _NOT}
    if not isinstance(excluded, dict):
        faults.say(PolicyFlaw.NOT_TABLE, place.at(_NOT))
        excluded = {}
    return Match(_values(fits, place, faults), _values(excluded, place.at(_NOT), faults))


def _values(raw: Mapping[str, object], place: PolicyPlace, faults: _Faults) -> Values:
    read: dict[AttributeKind, frozenset[str]] = {}
    for name, values in raw.items():
        at = place.at(name)
        if name not in _KINDS:
            faults.say(PolicyFlaw.KIND, at, known=", ".join(_KINDS))
        elif not _are_texts(values):
            faults.say(PolicyFlaw.NOT_TEXTS, at)
        else:
            read[AttributeKind(name)] = _folded(AttributeKind(name), values, at, faults)
    return read


_KINDS: Final = tuple(kind.value for kind in AttributeKind)


def _are_texts(values: object) -> TypeGuard[list[str]]:
    return (
        isinstance(values, list)
        and bool(values)
        and all(isinstance(each, str) and each.strip() for each in values)
    )


def _folded(
    kind: AttributeKind, values: list[str], place: PolicyPlace, faults: _Faults
) -> frozenset[str]:
    if kind is not AttributeKind.NUMBER:
        return frozenset(map(fold_name, values))
    for each in values:
        try:
            NumberRange.parse(each)
        except ReachRefused:
            faults.say(PolicyFlaw.NUMBER, place, number=each)
    return frozenset(values)


def _check(rule: RetentionRule, place: PolicyPlace, faults: _Faults) -> None:
    """What one rule may not say."""
    if not rule.terms:
        faults.say(PolicyFlaw.NOTHING_SAID, place)
    for asset, terms in rule.terms.items():
        if terms.delete_after is Never.NEVER and rule.rank is not Rank.POLICY:
            faults.say(PolicyFlaw.NEVER, place.at(asset).at("delete_after"))
    audio, metadata = rule.terms_of(Asset.AUDIO), rule.terms_of(Asset.METADATA)
    if _ends_before(metadata, audio):
        faults.say(PolicyFlaw.METADATA_FIRST, place.at(Asset.METADATA).at("delete_after"))
    for asset, flaw in _OF_ALL.items():
        if asset in rule.terms and not _is_of_all(rule):
            faults.say(flaw, place.at(asset))


def _is_of_all(rule: RetentionRule) -> bool:
    """Whether it may be about what is of no recording: entries of the journal, refused calls."""
    is_plain = rule.match == EVERY_RECORDING and not rule.minimum.whole_conversation
    return is_plain and rule.counting.begins == CALL_END


def _ends_before(metadata: Terms, audio: Terms) -> bool:
    """Whether metadata would go before the audio, by the same rule."""
    own, other = metadata.delete_after, audio.delete_after
    if own is None or other is None or own is Never.NEVER:
        return False
    return other is Never.NEVER or not own.is_never_shorter_than(other)
