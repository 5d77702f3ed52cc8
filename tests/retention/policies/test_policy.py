"""A policy is a set of rules."""

from zoneinfo import ZoneInfo

import pytest

from retention.policies.policy import MAX_RULES, Calendars
from retention.rules.errors import PolicyRefused
from tests.retention.examples import policy, rule


def test_rules_have_different_names() -> None:
    """`explain` and certificates name a rule for ever."""
    with pytest.raises(PolicyRefused, match="a: rule_twice"):
        policy(rule("a", after="P1Y"), rule("a", after="P2Y"))


def test_a_rule_is_found_by_its_name() -> None:
    """None where there is none."""
    own = policy(rule("a", after="P1Y"))

    assert own.rule("a") is own.rules[0]
    assert own.rule("b") is None


def test_rules_have_a_limit() -> None:
    """Each recording is asked against each."""
    with pytest.raises(PolicyRefused, match="rules"):
        policy(*(rule(f"r{at}", after="P1Y") for at in range(MAX_RULES + 1)))


def test_a_controller_counts_in_its_own_zone() -> None:
    """However its name is written; all others in the installation's."""
    calendars = Calendars(
        zone=ZoneInfo("Asia/Tokyo"), of_controllers={"acme": ZoneInfo("Europe/Berlin")}
    )

    assert calendars.of("ACME").zone.key == "Europe/Berlin"
    assert calendars.of("").zone.key == "Asia/Tokyo"
