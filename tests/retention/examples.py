"""Rules, policies and recordings of the tests of retention."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from retention.policies.policy import Calendars, RetentionPolicy
from retention.rules.conditions import CALL_END, AttributeKind, Facts
from retention.rules.match import Match
from retention.rules.period import Period
from retention.rules.rule import Asset, Counting, Minimum, Never, Rank, RetentionRule, Terms

TOKYO = Calendars(zone=ZoneInfo("Asia/Tokyo"))
# Noon in Tokyo.
CALLED = datetime(2026, 4, 1, 3, tzinfo=UTC)
NOTHING_KNOWN: Mapping[AttributeKind, frozenset[str] | None] = dict.fromkeys(AttributeKind)


def rule(
    own: str,
    *,
    at_least: str = "",
    after: str = "",
    rank: Rank = Rank.POLICY,
    queue: str = "",
    begins: str = CALL_END,
    **further: object,
) -> RetentionRule:
    """A rule about the audio of all calls, or of one queue's."""
    match = Match({AttributeKind.QUEUE: frozenset({queue})}) if queue else Match()
    given: dict[str, object] = {"specificity": match.specificity, "match": match} | further
    return RetentionRule(
        id=own,
        rank=rank,
        counting=Counting(begins=begins),
        terms={Asset.AUDIO: terms(at_least, after)},
        **given,  # type: ignore[arg-type]  # what a test gives is a rule's field
    )


def terms(at_least: str = "", after: str = "") -> Terms:
    """Both periods; "" says nothing."""
    deleted = Never.NEVER if after == Never.NEVER else Period.parse(after) if after else None
    return Terms(keep_at_least=Period.parse(at_least) if at_least else None, delete_after=deleted)


def policy(*rules: RetentionRule, calendars: Calendars = TOKYO) -> RetentionPolicy:
    """These rules, in Tokyo."""
    return RetentionPolicy(rules=rules, calendars=calendars)


def call(
    ended_at: datetime | None = CALLED,
    /,
    happened: Mapping[str, date | None] | None = None,
    **values: str,
) -> Facts:
    """A recording: what is not given it has not, and its call ended at noon on 1 April 2026."""
    known = {kind: frozenset({values[kind]} if kind in values else ()) for kind in AttributeKind}
    ended = {CALL_END: ended_at} if ended_at else {}
    return Facts(values=known, happened={**ended, **(happened or {})})


WHOLE = Minimum(whole_conversation=True)
