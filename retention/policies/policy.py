"""A retention policy: a set of rules, the calendars they count by, and the brakes of a sweep.

Pure. The order of its rules decides nothing. Knows nothing of its revisions or of its file.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from fractions import Fraction
from typing import Final
from zoneinfo import ZoneInfo

from retention.rules.deadline import APRIL, MINPO, Calendar, Reckoning
from retention.rules.errors import PolicyRefused
from retention.rules.policy_flaws import PolicyFlaw, PolicyPlace, fault
from retention.rules.rule import RetentionRule

HOURS_OF_COOLING_OFF: Final = 72
BULK: Final = 1_000
# What a sweep may destroy in a day: of the archive, and beside what it did in the last 30 days.
SHARE_PER_DAY: Final = Fraction(2, 100)
TIMES_MEDIAN: Final = 3
# A week: who sees that a release was a mistake places another hold before anything is gone.
DAYS_OF_GRACE: Final = 7
MAX_RULES: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How carefully it is changed and carried out; `window` None is always.

    `plan_at` is when what is due is planned by itself each day; None: by people alone.
    `hold_grace_days`: for so long what a hold had is kept after its release all the same.
    """

    cooling_off_h: int = HOURS_OF_COOLING_OFF
    bulk: int = BULK
    share_per_day: Fraction = SHARE_PER_DAY
    times_median: int = TIMES_MEDIAN
    window: tuple[time, time] | None = None
    plan_at: time | None = None
    hold_grace_days: int = DAYS_OF_GRACE


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendars:
    """The zone in which days begin, and how periods end.

    For each controller (folded) that has another zone or reckoning of its own, that one.
    """

    zone: ZoneInfo
    of_controllers: Mapping[str, ZoneInfo] = field(default_factory=dict)
    fiscal_year_begins: int = APRIL
    reckoning: Reckoning = MINPO
    reckonings: Mapping[str, Reckoning] = field(default_factory=dict)

    @property
    def is_of_controllers(self) -> bool:
        """Whether it counts differently for different controllers."""
        return bool(self.of_controllers or self.reckonings)

    def of(self, controller: str) -> Calendar:
        """The calendar by which a controller's recordings are counted."""
        own = controller.casefold()
        return Calendar(
            zone=self.of_controllers.get(own, self.zone),
            fiscal_year_begins=self.fiscal_year_begins,
            reckoning=self.reckonings.get(own, self.reckoning),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionPolicy:
    """Rules with different ids. Raises `PolicyRefused`."""

    rules: tuple[RetentionRule, ...]
    calendars: Calendars
    limits: Limits = Limits()

    def __post_init__(self) -> None:
        if len(self.rules) > MAX_RULES:
            raise PolicyRefused(fault(PolicyFlaw.RULES, most=MAX_RULES))
        named = Counter(rule.id for rule in self.rules)
        twice = sorted(own for own, count in named.items() if count > 1)
        if twice:
            raise PolicyRefused(
                *(fault(PolicyFlaw.RULE_TWICE, PolicyPlace(rule=own)) for own in twice)
            )

    def rule(self, own: str) -> RetentionRule | None:
        return next((each for each in self.rules if each.id == own), None)
