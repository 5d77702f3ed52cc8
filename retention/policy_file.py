"""A retention policy read from its text: TOML, in the form of `docs/retention.md`.

Every fault is told at once. Knows nothing of files or revisions.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from fractions import Fraction
from typing import Final, TypeGuard, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from archive.reach import NumberRange, ReachRefused
from retention.attributes import BEGINNINGS, EVENT, Kind
from retention.errors import PeriodUnreadable, PolicyRefused
from retention.match import Match, Values
from retention.period import Period
from retention.policy import Calendars, Limits, RetentionPolicy
from retention.policy_form import FORM, LimitsForm, PolicyForm, RuleForm, TermsForm
from retention.rule import (
    Asset,
    Basis,
    Counting,
    Minimum,
    Never,
    Rank,
    RetentionRule,
    Terms,
)

MAX_BYTES: Final = 1 << 20
_HUNDRED: Final = 100
_NOT: Final = "not"
_Form = TypeVar("_Form")


@dataclass(frozen=True, slots=True)
class _Faults:
    """What is wrong, each with its place."""

    found: list[str] = field(default_factory=list)

    def say(self, place: str, what: str) -> None:
        self.found.append(f"{place}: {what}" if place else what)


def read_policy(text: str) -> RetentionPolicy:
    """Read a policy. Raises `PolicyRefused` with every fault that was found."""
    if len(text.encode()) > MAX_BYTES:
        raise PolicyRefused(f"longer than {MAX_BYTES} bytes")
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        raise PolicyRefused(str(broken)) from broken
    faults = _Faults()
    form = _formed(document, PolicyForm, "", faults)
    if form is None:
        raise PolicyRefused(*faults.found)
    if form.form != FORM:
        faults.say("form", f"{form.form} is not known here; this version reads {FORM}")
    rules = [_rule(each, f"rule {at}", faults) for at, each in enumerate(form.rule, 1)]
    calendars = _calendars(form, faults)
    if faults.found or calendars is None:
        raise PolicyRefused(*faults.found)
    return RetentionPolicy(
        rules=tuple(each for each in rules if each),
        calendars=calendars,
        limits=_limits(form.limits),
    )


def _formed(
    raw: Mapping[str, object], form: type[_Form], place: str, faults: _Faults
) -> _Form | None:
    try:
        return msgspec.convert(raw, form)
    except msgspec.ValidationError as wrong:
        faults.say(place, str(wrong))
        return None


def _zone(name: str, place: str, faults: _Faults) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        faults.say(place, f"{name!r} is no zone; one is Asia/Tokyo")
        return None


def _calendars(form: PolicyForm, faults: _Faults) -> Calendars | None:
    zone = _zone(form.zone, "zone", faults)
    named = {name: _zone(of, f"zones.{name}", faults) for name, of in form.zones.items()}
    if zone is None:
        return None
    return Calendars(
        zone=zone,
        of_controllers={name.casefold(): of for name, of in named.items() if of},
        fiscal_year_begins=form.fiscal_year_begins,
    )


def _limits(form: LimitsForm) -> Limits:
    begins, _, ends = (form.window or "").partition("-")
    return Limits(
        cooling_off_h=form.cooling_off_h,
        bulk=form.bulk,
        share_per_day=Fraction(form.share_per_day.rstrip("% ")) / _HUNDRED,
        times_median=form.times_median,
        window=(time.fromisoformat(begins), time.fromisoformat(ends)) if form.window else None,
    )


def _rule(raw: Mapping[str, object], place: str, faults: _Faults) -> RetentionRule | None:
    form = _formed(raw, RuleForm, place, faults)
    if form is None:
        return None
    place = f"rule {form.id!r}"
    match = _match(form.match, f"{place}.match", faults)
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


def _begins(form: RuleForm, place: str, faults: _Faults) -> str:
    """What its periods begin with; another's name is folded, as the tag that has its key is."""
    name = form.begins.removeprefix(EVENT).strip()
    if form.begins not in BEGINNINGS and (name == form.begins or not name):
        known = ", ".join((*BEGINNINGS, f"{EVENT}NAME"))
        faults.say(f"{place}.begins", f"{form.begins!r} is none of {known}")
    return form.begins if form.begins in BEGINNINGS else f"{EVENT}{name.casefold()}"


def _all_terms(form: RuleForm, place: str, faults: _Faults) -> dict[Asset, Terms]:
    said: dict[Asset, TermsForm] = {
        Asset.AUDIO: form.audio,
        Asset.METADATA: form.metadata,
        Asset.JOURNAL: form.journal,
    }
    return {
        asset: _terms(terms, f"{place}.{asset}", faults)
        for asset, terms in said.items()
        if terms != TermsForm()
    }


def _terms(form: TermsForm, place: str, faults: _Faults) -> Terms:
    deleted: Period | Never | None
    if form.delete_after == Never.NEVER:
        deleted = Never.NEVER
    else:
        deleted = _period(form.delete_after, f"{place}.delete_after", faults)
    kept = _period(form.keep_at_least, f"{place}.keep_at_least", faults)
    return Terms(keep_at_least=kept, delete_after=deleted)


def _period(text: str, place: str, faults: _Faults) -> Period | None:
    try:
        return Period.parse(text) if text else None
    except PeriodUnreadable as wrong:
        faults.say(place, str(wrong))
        return None


def _match(raw: Mapping[str, object], place: str, faults: _Faults) -> Match:
    excluded = raw.get(_NOT, {})
    fits = {kind: values for kind, values in raw.items() if kind != _NOT}
    if not isinstance(excluded, dict):
        faults.say(f"{place}.{_NOT}", "is a table of kinds")
        excluded = {}
    return Match(_values(fits, place, faults), _values(excluded, f"{place}.{_NOT}", faults))


def _values(raw: Mapping[str, object], place: str, faults: _Faults) -> Values:
    """Kinds and their values, folded."""
    read: dict[Kind, frozenset[str]] = {}
    for name, values in raw.items():
        at = f"{place}.{name}"
        if name not in _KINDS:
            faults.say(at, f"is no kind; there are {', '.join(_KINDS)}")
        elif not _are_texts(values):
            faults.say(at, 'is a list of texts, as in ["support"]')
        else:
            read[Kind(name)] = _folded(Kind(name), values, at, faults)
    return read


_KINDS: Final = tuple(kind.value for kind in Kind)


def _are_texts(values: object) -> TypeGuard[list[str]]:
    return (
        isinstance(values, list)
        and bool(values)
        and all(isinstance(each, str) and each.strip() for each in values)
    )


def _folded(kind: Kind, values: list[str], place: str, faults: _Faults) -> frozenset[str]:
    if kind is not Kind.NUMBER:
        return frozenset(each.strip().casefold() for each in values)
    for each in values:
        try:
            NumberRange.parse(each)
        except ReachRefused:
            faults.say(place, f"{each!r} is no number and no range: +81312*, 1001-1099")
    return frozenset(values)


def _check(rule: RetentionRule, place: str, faults: _Faults) -> None:
    """What one rule may not say."""
    if not rule.terms:
        faults.say(place, "says nothing: keep_at_least or delete_after of audio is missing")
    for asset, terms in rule.terms.items():
        if terms.delete_after is Never.NEVER and rule.rank is not Rank.POLICY:
            faults.say(f"{place}.{asset}", "only a rule of rank policy says never")
    audio, metadata = rule.terms_of(Asset.AUDIO), rule.terms_of(Asset.METADATA)
    if _ends_before(metadata, audio):
        faults.say(f"{place}.metadata", "delete_after is shorter than the audio's")


def _ends_before(metadata: Terms, audio: Terms) -> bool:
    """Whether metadata would go before the audio, by the same rule."""
    own, other = metadata.delete_after, audio.delete_after
    if own is None or other is None or own is Never.NEVER:
        return False
    return other is Never.NEVER or not own.is_never_shorter_than(other)
