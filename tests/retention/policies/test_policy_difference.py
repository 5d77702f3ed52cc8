"""How two policies differ, as people read it."""

from retention.policies.policy_difference import difference
from retention.policies.policy_text import policy_text
from retention.rules.rule import Rank
from tests.retention.examples import policy, rule

DEFAULT = rule("default", after="never")
SUPPORT = rule("support", after="P2Y", queue="support")
OLD = policy_text(policy(DEFAULT, SUPPORT))


def changes(newer: str) -> list[str]:
    """The lines that are taken away or added."""
    return [line for line in difference(OLD, newer) if line.startswith(("-", "+"))]


def test_the_same_policy_has_no_difference() -> None:
    """However its rules were ordered."""
    assert difference(OLD, policy_text(policy(SUPPORT, DEFAULT))) == ()


def test_a_rule_that_changed_is_shown_whole() -> None:
    """A period alone does not say whose calls it is about; rules that stayed are left out."""
    newer = policy_text(policy(DEFAULT, rule("support", after="P1Y", queue="support")))
    told = difference(OLD, newer)

    assert changes(newer) == ['-delete_after = "P2Y"', '+delete_after = "P1Y"']
    assert ' id = "support"' in told
    assert ' queue = ["support"]' in told
    assert ' id = "default"' not in told


def test_rules_that_came_and_went_are_shown_line_by_line() -> None:
    """Each line of them."""
    law = rule("law", at_least="P10Y", rank=Rank.LAW)
    told = changes(policy_text(policy(DEFAULT, law)))

    assert '-id = "support"' in told
    assert '+id = "law"' in told
    assert {line[0] for line in told if "[[rule]]" in line} == {"-", "+"}


def test_head_limits_and_zones_differ_like_rules() -> None:
    """A shorter cooling off is a change, too."""
    assert changes(OLD.replace("cooling_off_h = 72", "cooling_off_h = 1")) == [
        "-cooling_off_h = 72", "+cooling_off_h = 1",
    ]  # fmt: skip
    assert changes(OLD.replace("Asia/Tokyo", "UTC")) == ['-zone = "Asia/Tokyo"', '+zone = "UTC"']
    assert '+"acme" = "UTC"' in changes(
        OLD.replace("\n[limits]", '\n[zones]\n"acme" = "UTC"\n\n[limits]')
    )
