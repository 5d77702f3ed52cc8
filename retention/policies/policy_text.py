"""A retention policy written as one text (TOML) that reads back as the same policy.

The same policy is always the same text, so its digest is the policy's, and two texts can be
compared line by line. Knows nothing of files or revisions.
"""

import json
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final

from retention.policies.policy import Calendars, Limits, RetentionPolicy
from retention.policies.policy_form import FOLDING, FORM
from retention.rules.conditions import CALL_END, AttributeKind
from retention.rules.deadline import MINPO
from retention.rules.match import Match, Values
from retention.rules.rule import Asset, Counting, Minimum, RetentionRule, Terms

_HUNDRED: Final = 100
_DELETE: Final = "\x7f"


def policy_text(policy: RetentionPolicy) -> str:
    """Write a policy, its rules by their ids."""
    rules = sorted(policy.rules, key=lambda each: each.id)
    pieces = [
        _head(policy, policy.calendars),
        _limits(policy.limits),
        *(_rule(each) for each in rules),
    ]
    return "\n".join("".join(f"{line}\n" for line in piece) for piece in pieces)


def _head(policy: RetentionPolicy, calendars: Calendars) -> list[str]:
    zones = sorted((name, zone.key) for name, zone in calendars.of_controllers.items())
    reckonings = sorted(calendars.reckonings.items())
    return [
        f"form = {FORM}",
        *([f"folding = {FOLDING}"] if _is_about_names(policy) else []),
        f"zone = {_quoted(calendars.zone.key)}",
        f"fiscal_year_begins = {calendars.fiscal_year_begins}",
        *([f'reckoning = "{calendars.reckoning}"'] if calendars.reckoning != MINPO else []),
        *(["", "[zones]"] if zones else []),
        *(f"{_quoted(name)} = {_quoted(zone)}" for name, zone in zones),
        *(["", "[reckonings]"] if reckonings else []),
        *(f'{_quoted(name)} = "{each}"' for name, each in reckonings),
    ]


def _is_about_names(policy: RetentionPolicy) -> bool:
    """Whether it makes a difference to it how names are compared."""
    kinds = {kind for rule in policy.rules for kind in (*rule.match.fits, *rule.match.excludes)}
    begins = {rule.counting.begins for rule in policy.rules}
    is_named = any(kind.attribute.is_named for kind in kinds)
    return bool(policy.calendars.is_of_controllers or is_named or begins - {CALL_END})


def _limits(limits: Limits) -> list[str]:
    share = limits.share_per_day * _HUNDRED
    window = limits.window
    return [
        "[limits]",
        f"cooling_off_h = {limits.cooling_off_h}",
        f"bulk = {limits.bulk}",
        f"share_per_day = {_quoted(f'{_decimal(share)} %')}",
        f"times_median = {limits.times_median}",
        f"hold_grace_days = {limits.hold_grace_days}",
        *([f'window = "{window[0]:%H:%M}-{window[1]:%H:%M}"'] if window else []),
        *([f'plan_at = "{limits.plan_at:%H:%M}"'] if limits.plan_at else []),
    ]


def _decimal(value: Fraction) -> str:
    return f"{float(value):.3f}".rstrip("0").rstrip(".")


def _rule(rule: RetentionRule) -> Iterator[str]:
    yield "[[rule]]"
    yield f"id = {_quoted(rule.id)}"
    yield f"rank = {_quoted(rule.rank)}"
    yield from _counting(rule.counting)
    yield f"specificity = {rule.specificity}"
    yield from _minimum(rule.minimum)
    if rule.basis.citation or rule.basis.source:
        yield (
            f"basis = {{ citation = {_quoted(rule.basis.citation)}, "
            f"source = {_quoted(rule.basis.source)} }}"
        )
    yield from _match(rule.match)
    for asset in Asset:
        if asset in rule.terms:
            yield f"[rule.{asset}]"
            yield from _terms(rule.terms[asset])


def _counting(counting: Counting) -> Iterator[str]:
    if counting.begins != CALL_END:
        yield f"begins = {_quoted(counting.begins)}"
    if counting.counted_from != "event":
        yield f"counted_from = {_quoted(counting.counted_from)}"


def _minimum(minimum: Minimum) -> Iterator[str]:
    if minimum.whole_conversation:
        yield "whole_conversation = true"
    if minimum != Minimum(whole_conversation=minimum.whole_conversation):
        yield f"purposes = {_list(minimum.purposes)}"


def _match(match: Match) -> Iterator[str]:
    for head, values in (("[rule.match]", match.fits), ("[rule.match.not]", match.excludes)):
        if values:
            yield head
            yield from _values(values)


def _values(values: Values) -> Iterator[str]:
    return (f"{kind} = {_list(values[kind])}" for kind in AttributeKind if kind in values)


def _terms(terms: Terms) -> Iterator[str]:
    if terms.keep_at_least:
        yield f"keep_at_least = {_quoted(str(terms.keep_at_least))}"
    if terms.delete_after:
        yield f"delete_after = {_quoted(str(terms.delete_after))}"


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(_quoted(each) for each in sorted(texts))}]"


def _quoted(text: str) -> str:
    """A basic string of TOML: as JSON has it, and DEL is escaped too (TOML 1.0, String)."""
    return json.dumps(text, ensure_ascii=False).replace(_DELETE, "\\u007f")
