"""Which revision judges a recording, and what care a new one needs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from retention.policies.policy import Limits, RetentionPolicy
from retention.policies.revision import (
    Care,
    Revision,
    care_for,
    in_force_from,
    judging,
    still_judging,
)
from tests.retention.examples import policy, rule

NOW = datetime(2026, 11, 27, tzinfo=UTC)
DAY = timedelta(days=1)
TWO_YEARS = policy(rule("a", after="P2Y"))
ONE_YEAR = policy(rule("a", after="P1Y"))
THREE_YEARS = policy(rule("a", after="P3Y"))


def revision(
    number: int, own: RetentionPolicy, since: datetime, *, is_retroactive: bool = False
) -> Revision:
    """One of a few."""
    return Revision(number=number, policy=own, in_force_at=since, is_retroactive=is_retroactive)


FIRST = revision(1, TWO_YEARS, NOW - 100 * DAY, is_retroactive=True)
SHORTER = revision(2, ONE_YEAR, NOW - 10 * DAY)


def test_a_shorter_policy_is_for_calls_to_come() -> None:
    """Unless it was asked for that it reaches back."""
    both = [FIRST, SHORTER]

    assert judging(both, NOW - 50 * DAY, NOW) is FIRST
    assert judging(both, NOW - 5 * DAY, NOW) is SHORTER
    back = revision(3, ONE_YEAR, NOW - DAY, is_retroactive=True)
    assert judging([*both, back], NOW - 50 * DAY, NOW) is back


def test_what_is_not_yet_in_force_judges_nothing() -> None:
    """It cools off."""
    coming = revision(2, ONE_YEAR, NOW + DAY, is_retroactive=True)

    assert judging([FIRST, coming], NOW - DAY, NOW) is FIRST
    assert judging([], NOW, NOW) is None


def test_a_call_without_an_end_is_judged_as_one_that_is_up() -> None:
    """By the latest."""
    assert judging([FIRST, SHORTER], None, NOW) is SHORTER


def test_lengthening_needs_nobody_else_and_shortening_does() -> None:
    """Against the revision in force."""
    longer = revision(2, THREE_YEARS, NOW, is_retroactive=True)
    shorter = revision(2, ONE_YEAR, NOW)

    assert care_for(longer, [FIRST], NOW) is Care.NONE
    assert care_for(shorter, [FIRST], NOW) is Care.TWO_PERSONS


def test_a_longer_policy_that_reaches_back_is_compared_with_all_that_judge() -> None:
    """Two years were cut to one for new calls; a year and a half for all shortens the old ones."""
    between = policy(rule("a", after="P18M"))

    assert care_for(revision(3, between, NOW), [FIRST, SHORTER], NOW) is Care.NONE
    back = revision(3, between, NOW, is_retroactive=True)
    assert care_for(back, [FIRST, SHORTER], NOW) is Care.TWO_PERSONS


def test_a_first_policy_needs_two_persons() -> None:
    """Before it everything is kept."""
    assert care_for(FIRST, [], NOW) is Care.TWO_PERSONS


def test_what_reaches_back_ends_all_that_was_before() -> None:
    """Nothing is judged by it any more."""
    back = revision(3, ONE_YEAR, NOW - DAY, is_retroactive=True)

    assert still_judging([SHORTER, FIRST], NOW) == [FIRST, SHORTER]
    assert still_judging([FIRST, SHORTER, back], NOW) == [back]


def since(new: Revision, revisions: list[Revision]) -> datetime:
    """From when on it decides, with the care that its rules ask for."""
    return in_force_from(new, revisions, NOW, care_for(new, revisions, NOW))


def test_what_takes_two_persons_cools_off_whatever_its_rules_say() -> None:
    """Many recordings that go earlier are a reason of their own."""
    longer = revision(2, THREE_YEARS, NOW)

    assert in_force_from(longer, [FIRST], NOW, Care.TWO_PERSONS) == NOW + timedelta(hours=72)


def cooling(own: RetentionPolicy, hours: int) -> RetentionPolicy:
    """The same with another time of cooling off."""
    return replace(own, limits=Limits(cooling_off_h=hours))


def test_what_lengthens_is_in_force_at_once_and_all_else_cools_off() -> None:
    """Three days, as shipped: time to see that it was a mistake."""
    longer, shorter = revision(2, THREE_YEARS, NOW), revision(2, ONE_YEAR, NOW)

    assert since(longer, [FIRST]) == NOW
    assert since(shorter, [FIRST]) == NOW + timedelta(hours=72)


def test_the_longest_cooling_off_of_all_that_it_replaces_counts() -> None:
    """Who cuts it down waits for as long as it was; who makes it longer begins with that."""
    hasty = revision(2, cooling(TWO_YEARS, 1), NOW)
    careful = revision(2, cooling(TWO_YEARS, 200), NOW)
    assert since(hasty, [FIRST]) == NOW + timedelta(hours=72)
    assert since(careful, [FIRST]) == NOW + timedelta(hours=200)

    in_force = replace(hasty, in_force_at=NOW - DAY)
    to_come = revision(3, cooling(ONE_YEAR, 1), NOW)
    assert since(to_come, [FIRST, in_force]) == NOW + timedelta(hours=1)
    back = replace(to_come, is_retroactive=True)
    assert since(back, [FIRST, in_force]) == NOW + timedelta(hours=72)
