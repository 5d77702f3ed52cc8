"""What is worth a look in a policy before it is taken over."""

from dataclasses import replace

from retention.policies.findings import (
    AsksUnknownDirection,
    FitsNothing,
    KeptPastItsEnd,
    Shadowed,
    Uncovered,
    Unused,
    WithoutEnd,
    WrittenOtherwise,
    findings,
)
from retention.rules.conditions import AttributeKind
from retention.rules.match import Match
from retention.rules.rule import Asset, Rank
from tests.retention.examples import policy, rule

ALL = rule("all", after="P1Y")


def test_a_minimum_over_a_maximum_is_told() -> None:
    """The law's ten years: nine of them restricted. Known now, not when it bites."""
    own = policy(ALL, rule("law", at_least="P10Y", rank=Rank.LAW))

    assert findings(own, {}) == [KeptPastItsEnd("law", "all", Asset.AUDIO)]


def test_rules_that_never_meet_do_not_contradict_each_other() -> None:
    """Of two queues, or where one excludes the other."""
    one = rule("one", at_least="P10Y", queue="loans")
    two_queues = policy(one, rule("b", after="P1Y", queue="sales"), rule("z", after="P20Y"))
    excluding = replace(ALL, match=Match({}, {AttributeKind.QUEUE: frozenset({"loans"})}))

    assert findings(two_queues, {}) == []
    assert KeptPastItsEnd("one", "all", Asset.AUDIO) not in findings(policy(one, excluding), {})


def test_a_rule_that_never_decides_is_told() -> None:
    """Its writer thinks that it does."""
    wide = rule("wide", after="P1Y", specificity=9)

    own = policy(wide, rule("narrow", after="P2Y", queue="support"))

    assert Shadowed("narrow", "wide") in findings(own, {})
    partly = policy(wide, rule("narrow", at_least="P2Y", after="P2Y", queue="support"))
    assert Shadowed("narrow", "wide") not in findings(partly, {})


def test_what_has_no_end_is_told() -> None:
    """The default as shipped keeps for ever; that is allowed, and said."""
    assert WithoutEnd() in findings(policy(rule("default", after="never")), {})
    assert WithoutEnd() not in findings(policy(ALL), {})


def test_queues_that_no_rule_names_are_told() -> None:
    """A queue that was set up last week."""
    own = policy(ALL, rule("b", after="P2Y", queue="support"))

    assert findings(own, {AttributeKind.QUEUE: frozenset({"support", "new"})}) == [Uncovered("new")]


def test_a_rule_that_fits_no_recording_is_told() -> None:
    """What is misspelt keeps nothing, and silence would say that it does."""
    tags = Match(
        {AttributeKind.TAG: frozenset({"lone", "loan"})}, {AttributeKind.TAG: frozenset({"ろーん"})}
    )
    own = policy(
        ALL, rule("gone", at_least="P1Y", queue="old"), replace(rule("t", after="P2Y"), match=tags)
    )
    names = {
        AttributeKind.TAG: frozenset({"loan", "ローン", "lo-ne"}),
        AttributeKind.QUEUE: frozenset({"new"}),
    }

    found = findings(own, names)

    assert FitsNothing("gone", AttributeKind.QUEUE) in found
    assert Unused("t", AttributeKind.TAG, "lone") in found
    assert [each for each in found if isinstance(each, WrittenOtherwise)] == [
        WrittenOtherwise("t", AttributeKind.TAG, "lone", "lo-ne"),
        WrittenOtherwise("t", AttributeKind.TAG, "ろーん", "ローン"),
    ]
    assert Unused("t", AttributeKind.TAG, "loan") not in found


def test_a_rule_that_asks_for_unknown_direction_is_told() -> None:
    """Of such calls no rule for a direction is decided; asked by name or left out by it."""
    asked, inbound = frozenset({"unknown"}), frozenset({"inbound"})
    named = [
        replace(rule(name, after="P2Y"), match=match)
        for name, match in (
            ("unknown", Match({AttributeKind.DIRECTION: asked | inbound})),
            ("but", Match({}, {AttributeKind.DIRECTION: asked})),
            ("inbound", Match({AttributeKind.DIRECTION: inbound})),
        )
    ]

    found = findings(policy(ALL, *named), {})

    assert [each for each in found if isinstance(each, AsksUnknownDirection)] == [
        AsksUnknownDirection("unknown"), AsksUnknownDirection("but"),
    ]  # fmt: skip


def test_of_an_archive_without_names_nothing_is_told() -> None:
    """The first policy is taken over before the first call."""
    own = policy(ALL, rule("b", after="P2Y", queue="support"))

    assert findings(own, {AttributeKind.QUEUE: frozenset(), AttributeKind.TAG: frozenset()}) == []
