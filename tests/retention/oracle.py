"""What becomes of a recording by `docs/retention.md` alone: a second reading of the page.

Written from the document, slowly and plainly, without a function of the evaluator.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from retention.decisions.decision import Standing
from retention.policies.policy import RetentionPolicy
from retention.rules.conditions import AttributeKind, Facts
from retention.rules.period import Period
from retention.rules.rule import Asset, Rank, RetentionRule

DAY = timedelta(days=1)
NEVER = datetime.max.replace(tzinfo=UTC)
UNKNOWN = "unknown"
Said = list[tuple[RetentionRule, datetime]]


def outcome(  # noqa: PLR0911  # one line of the table after the other
    policy: RetentionPolicy, own: Facts, others: Sequence[Facts], asset: Asset,
    standing: Standing, now: datetime,
) -> str:  # fmt: skip
    """`keep`, `restrict` or `destroy`."""
    assets = (asset, Asset.AUDIO) if asset is Asset.METADATA else (asset,)
    said = [bounds(policy, own, others, each) for each in assets]
    if None in said or standing.problems:
        return "keep"  # P0
    floors, laws, ceilings = zip(*(each for each in said if each), strict=True)
    if asset is Asset.METADATA and floors[0] is None and ceilings[0] is None:
        floors, laws, ceilings = floors[1:], laws[1:], ceilings[1:]
    floor, law = latest(floors), latest(laws)
    ceiling = None if None in ceilings else latest(ceilings)
    if any(each.until is None or now < each.until for each in standing.holds):
        return "keep"  # P1
    orders = [each for each in standing.erasures if each.at <= now]
    free = [each for each in orders if not standing.freezes - {each.case}]
    if standing.freezes and not free:
        return "keep"  # P2
    if any(each.kind == "court" for each in free):
        return "destroy"  # P3
    if free:
        return "restrict" if law and now < law else "destroy"  # P4
    if ceiling is None or now < ceiling:
        return "keep"  # P9, P5
    return "restrict" if floor and now < floor else "destroy"  # P8, P5


def latest(moments: Sequence[datetime | None]) -> datetime | None:
    return max((each for each in moments if each), default=None)


def bounds(
    policy: RetentionPolicy, own: Facts, others: Sequence[Facts], asset: Asset
) -> tuple[datetime | None, datetime | None, datetime | None] | None:
    """Floor, that of the law, ceiling; None where something that a rule asks is unknown."""
    minima: Said = []
    maxima: Said = []
    for rule in policy.rules:
        terms = rule.terms.get(asset)
        if terms is None or not (terms.keep_at_least or terms.delete_after):
            continue
        shared = others if rule.minimum.whole_conversation and terms.keep_at_least else ()
        for at, each in enumerate((own, *shared)):
            meant = fits(rule, each)
            if meant is None:
                return None
            ends = [terms.keep_at_least] if at else [terms.keep_at_least, terms.delete_after]
            for said, period in zip((minima, maxima), ends, strict=False):
                if meant and period:
                    over = end(policy, rule, each, period)
                    if over is None:
                        return None
                    said.append((rule, over))
    return of_ranks(minima, max), of_law(minima), of_ranks(maxima, min)


def of_ranks(said: Said, best: type[max] | type[min]) -> datetime | None:  # type: ignore[valid-type]
    own = [each for each in said if each[0].rank is Rank.POLICY]
    top = max((rule.specificity for rule, _ in own), default=0)
    counts = [at for rule, at in said if rule.rank is not Rank.POLICY or rule.specificity == top]
    return best(counts) if counts else None  # type: ignore[operator]


def of_law(minima: Said) -> datetime | None:
    return max((at for rule, at in minima if rule.rank is Rank.LAW), default=None)


def fits(rule: RetentionRule, own: Facts) -> bool | None:
    """Of every kind one value, and none of what is excluded; a definite no decides."""
    answers = list(kinds(rule, own))
    if False in answers:
        return False
    return None if None in answers else True


def kinds(rule: RetentionRule, own: Facts) -> Iterator[bool | None]:
    for kind, values in rule.match.fits.items():
        has = own.values[kind]
        yield None if has is None else bool(has & values)
    for kind, values in rule.match.excludes.items():
        has = own.values[kind]
        yield None if has is None else not has & values


def end(
    policy: RetentionPolicy, rule: RetentionRule, own: Facts, period: object
) -> datetime | None:
    """The first moment after a period; None: unknown."""
    if not isinstance(period, Period):
        return NEVER
    begins = rule.counting.begins
    controllers = own.values[AttributeKind.CONTROLLER]
    if begins not in own.happened or (controllers is None and policy.calendars.of_controllers):
        return None
    happened = own.happened[begins]
    if happened is None:
        return NEVER
    (controller,) = controllers if controllers and len(controllers) == 1 else ("",)
    zone = policy.calendars.of_controllers.get(controller, policy.calendars.zone)
    day = happened.astimezone(zone).date() if isinstance(happened, datetime) else happened
    first = day + DAY
    if rule.counting.counted_from == "next_month":
        while first.day != 1:
            first += DAY
    if rule.counting.counted_from == "fiscal_year":
        while (first.month, first.day) != (policy.calendars.fiscal_year_begins, 1):
            first += DAY
    after = corresponding(first, period.months) + timedelta(days=period.days)
    return datetime.combine(after, time(), zone).astimezone(UTC)


def corresponding(first: date, months: int) -> date:
    """民法 143条2項: the day that corresponds; without one the first day of the month after."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    try:
        return date(year, month + 1, first.day)
    except ValueError:
        return date(year + month // 11, (month + 1) % 12 + 1, 1)
