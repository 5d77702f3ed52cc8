"""Until when a recording is kept and from when on it must go, by the rules alone."""

import random
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from retention.decisions.bounds import Bound, Bounds, Unknown, bounds
from retention.decisions.decision import Erasure, KeptBy, NoEnd, Outcome, Standing, decide
from retention.policies.policy import Calendars, RetentionPolicy
from retention.rules.conditions import CALL_END, AttributeKind, Facts
from retention.rules.deadline import FOREVER
from retention.rules.rule import Asset, Never, Rank, RetentionRule, Terms
from tests.retention.examples import CALLED, TOKYO, WHOLE, call, policy, rule, terms

# One year and two years after noon on 1 April 2026 in Tokyo, when these days are over there.
IN_1_Y = datetime(2027, 4, 1, 15, tzinfo=UTC)
IN_2_Y = datetime(2028, 4, 1, 15, tzinfo=UTC)
LAW, CONTRACT = Rank.LAW, Rank.CONTRACT


def of(own: RetentionPolicy, facts: Facts | None = None) -> tuple[object, object]:
    """Floor and ceiling of a recording's audio."""
    found = bounds(own, facts or call(), Asset.AUDIO)
    return found.floor, found.ceiling


def test_without_a_rule_there_is_no_bound() -> None:
    """Kept, without an end date."""
    assert bounds(policy(), call(), Asset.AUDIO) == Bounds()
    assert Bounds().due_at == FOREVER


@pytest.mark.parametrize(
    ("rules", "floor"),
    [
        # Of law and of contract the latest counts.
        ([rule("a", at_least="P1Y", rank=LAW), rule("b", at_least="P2Y", rank=LAW)], "b"),
        ([rule("a", at_least="P1Y", rank=CONTRACT), rule("b", at_least="P2Y", rank=LAW)], "b"),
        # Of policy the most specific, though it is shorter.
        ([rule("a", at_least="P2Y"), rule("b", at_least="P1Y", queue="support")], "b"),
        # Of equals the latest.
        ([rule("a", at_least="P2Y"), rule("b", at_least="P1Y")], "a"),
        # A policy's winner and the law's: the later.
        ([rule("a", at_least="P2Y"), rule("b", at_least="P1Y", rank=LAW)], "a"),
    ],
)
def test_of_minima_retention_wins(rules: list[RetentionRule], floor: str) -> None:
    """P6."""
    found = bounds(policy(*rules), call(queue="support"), Asset.AUDIO).floor

    assert found is not None
    assert found.rules == (floor,)


@pytest.mark.parametrize(
    ("rules", "ceiling"),
    [
        ([rule("a", after="P1Y", rank=LAW), rule("b", after="P2Y", rank=LAW)], "a"),
        # D3 11: the queue's 90 days win over the tenant's two years.
        ([rule("a", after="P2Y"), rule("b", after="P90D", queue="support")], "b"),
        ([rule("a", after="P90D"), rule("b", after="P2Y", queue="support")], "b"),
        # Of equals the earliest.
        ([rule("a", after="P2Y"), rule("b", after="P1Y")], "b"),
        # D3 12: a contract caps what a policy says.
        ([rule("a", after="P2Y"), rule("b", after="P1Y", rank=CONTRACT)], "b"),
        # A more specific `never` wins among policies, and yields to a contract.
        ([rule("a", after="P1Y"), rule("b", after="never", queue="support")], "b"),
        (
            [rule("a", after="P1Y", rank=CONTRACT), rule("b", after="never", queue="support")],
            "a",
        ),
    ],
)
def test_of_maxima_the_earliest_counts(rules: list[RetentionRule], ceiling: str) -> None:
    """P7."""
    found = bounds(policy(*rules), call(queue="support"), Asset.AUDIO).ceiling

    assert found is not None
    assert found.rules == (ceiling,)


def test_bounds_are_moments_of_the_calendar() -> None:
    """And name the rules that make them."""
    own = policy(rule("a", at_least="P1Y", after="P2Y"), rule("b", at_least="P1Y"))

    assert of(own) == (Bound(IN_1_Y, ("a", "b")), Bound(IN_2_Y, ("a",)))
    assert bounds(own, call(), Asset.AUDIO).due_at == IN_2_Y


def test_the_later_of_both_is_when_it_is_due() -> None:
    """P5."""
    own = policy(rule("a", at_least="P2Y", after="P1Y"))

    assert bounds(own, call(), Asset.AUDIO).due_at == IN_2_Y


def test_a_start_that_has_not_happened_keeps() -> None:
    """A contract that runs on: its minimum is open, its maximum has no end."""
    own = policy(
        rule("law", at_least="P10Y", rank=LAW, begins="contract_end"),
        rule("end", after="P1Y", queue="support", begins="contract_end"),
        rule("default", after="P2Y"),
    )
    runs_on = call(CALLED, {"contract_end": None}, queue="support")

    assert of(own, runs_on) == (Bound(FOREVER, ("law",)), Bound(FOREVER, ("end",)))
    assert bounds(own, runs_on, Asset.AUDIO).unknown == ()
    ended = call(CALLED, {"contract_end": CALLED}, queue="support")
    assert of(own, ended)[1] == Bound(IN_1_Y, ("end",))


def test_a_start_that_is_not_known_is_unknown() -> None:
    """A recording without the key by which the contract is looked up."""
    own = policy(rule("law", at_least="P10Y", rank=LAW, begins="contract_end"))

    found = bounds(own, call(), Asset.AUDIO)

    assert found.unknown == (Unknown("law", "contract_end"),)
    assert found.due_at == FOREVER


def test_a_call_of_which_no_end_is_known_is_never_due() -> None:
    """P0."""
    found = bounds(policy(rule("a", after="P1Y")), call(None), Asset.AUDIO)

    assert found.unknown == (Unknown("a", CALL_END),)
    assert found.due_at == FOREVER


def test_a_value_that_is_not_known_makes_what_it_decides_unknown() -> None:
    """A maximum that might not be for it does not let it go."""
    own = policy(rule("a", after="P1Y", queue="support"), rule("b", after="P2Y"))
    facts = call()
    asked = replace(facts, values={**facts.values, AttributeKind.QUEUE: None})

    assert bounds(own, asked, Asset.AUDIO).unknown == (Unknown("a", "queue"),)
    assert bounds(own, asked, Asset.AUDIO).due_at == FOREVER


def test_a_controller_s_zone_decides_when_its_day_is_over() -> None:
    """And an unknown one leaves it open, where any controller has a zone of its own."""
    calendars = Calendars(zone=TOKYO.zone, of_controllers={"acme": ZoneInfo("Europe/Berlin")})
    own = policy(rule("a", after="P1Y"), calendars=calendars)

    assert of(own, call(controller="acme"))[1] == Bound(
        datetime(2027, 4, 1, 22, tzinfo=UTC), ("a",)
    )
    assert of(own)[1] == Bound(IN_1_Y, ("a",))
    unknown = replace(call(), values={**call().values, AttributeKind.CONTROLLER: None})
    assert bounds(own, unknown, Asset.AUDIO).unknown == (Unknown("a", "controller"),)


def test_a_minimum_may_keep_a_whole_conversation() -> None:
    """A call of the loans' queue keeps the one that was transferred to it; from its own end."""
    own = policy(
        rule("loans", at_least="P2Y", queue="loans", minimum=WHOLE), rule("all", after="P1Y")
    )
    other = call(datetime(2026, 6, 1, tzinfo=UTC), queue="loans")

    found = bounds(own, call(queue="sales"), Asset.AUDIO, [other])

    assert found.floor == Bound(datetime(2028, 6, 1, 15, tzinfo=UTC), ("loans",))
    assert bounds(own, call(queue="sales"), Asset.AUDIO).floor is None
    alone = policy(rule("loans", at_least="P2Y", queue="loans"))
    assert bounds(alone, call(queue="sales"), Asset.AUDIO, [other]).floor is None


def test_metadata_goes_with_the_audio_unless_a_rule_says_otherwise() -> None:
    """And never before it."""
    audio = rule("a", at_least="P2Y", after="P1Y")
    own = policy(audio)
    assert bounds(own, call(), Asset.METADATA) == bounds(own, call(), Asset.AUDIO)

    longer = replace(audio, terms={**audio.terms, Asset.METADATA: terms(after="P3Y")})
    found = bounds(policy(longer), call(), Asset.METADATA)
    assert found.due_at == datetime(2029, 4, 1, 15, tzinfo=UTC)

    shorter = replace(audio, terms={**audio.terms, Asset.METADATA: terms(after="P1Y")})
    assert bounds(policy(shorter), call(), Asset.METADATA).due_at == IN_2_Y
    for_ever = replace(audio, terms={Asset.METADATA: terms(after="P1Y")})
    assert bounds(policy(for_ever), call(), Asset.METADATA).due_at == FOREVER


def test_metadata_is_kept_by_law_as_long_as_the_audio_is() -> None:
    """Where an erasure is granted the law's minimum alone counts: the index of what is still there
    must not go before it.
    """
    audio = rule("law", at_least="P2Y", rank=LAW)
    own = policy(audio, replace(rule("all"), terms={Asset.METADATA: terms(after="P1Y")}))

    found = bounds(own, call(), Asset.METADATA)

    assert found.law_floor == Bound(IN_2_Y, ("law",))
    granted = Standing(erasures=(Erasure("C1", "granted", CALLED),))
    assert decide(found, granted, IN_1_Y).outcome is Outcome.RESTRICT


def test_metadata_that_waits_for_the_audio_is_not_restricted() -> None:
    """The audio may be heard for every purpose; so it can be found for every purpose."""
    audio = rule("a", after="P2Y")
    own = policy(audio, replace(rule("b"), terms={Asset.METADATA: terms(after="P90D")}))

    assert decide(bounds(own, call(), Asset.METADATA), Standing(), IN_1_Y).outcome is Outcome.KEEP


def test_metadata_with_a_minimum_alone_has_no_end() -> None:
    """No rule says when it goes, so nothing lets it go with the audio (P9)."""
    audio = rule("a", after="P1Y")
    own = policy(replace(audio, terms={**audio.terms, Asset.METADATA: terms("P2Y")}))

    found = bounds(own, call(), Asset.METADATA)

    assert (found.floor, found.ceiling) == (Bound(IN_2_Y, ("a",)), None)
    assert decide(found, Standing(), IN_2_Y).because == (KeptBy(Bound(IN_2_Y, ("a",))), NoEnd())
    assert bounds(own, call(), Asset.AUDIO).due_at == IN_1_Y


def test_a_maximum_of_metadata_does_not_end_the_restriction() -> None:
    """Past its own maximum the law alone keeps what is told of a recording, for the law's purposes
    (P8); its audio has been restricted since its own.
    """
    audio = rule("a", after="P1Y")
    own = policy(
        rule("law", at_least="P10Y", rank=LAW),
        replace(audio, terms={**audio.terms, Asset.METADATA: terms(after="P2Y")}),
    )

    found = bounds(own, call(), Asset.METADATA)

    assert decide(found, Standing(), IN_1_Y).outcome is Outcome.KEEP
    restricted = decide(found, Standing(), IN_2_Y)
    assert (restricted.outcome, restricted.purposes) == (Outcome.RESTRICT, {"legal_duty"})
    assert found.due_at == bounds(own, call(), Asset.AUDIO).due_at
    assert decide(bounds(own, call(), Asset.AUDIO), Standing(), IN_1_Y).outcome is Outcome.RESTRICT


def test_what_is_restricted_is_for_the_purposes_of_what_keeps_it_longest() -> None:
    """A dispute's recording is not for training."""
    kept = replace(WHOLE, purposes=frozenset({"dispute"}))
    own = policy(
        rule("a", at_least="P2Y", rank=LAW, minimum=kept), rule("b", at_least="P1Y", after="P1Y")
    )

    assert bounds(own, call(), Asset.AUDIO).purposes == {"dispute"}


def test_after_an_erasure_it_is_for_the_purposes_of_the_law_alone() -> None:
    """What a longer policy would leave it usable for has been given up."""
    kept = replace(WHOLE, purposes=frozenset({"training"}))
    own = policy(
        rule("a", at_least="P2Y", after="P2Y", minimum=kept), rule("b", at_least="P1Y", rank=LAW)
    )
    granted = Standing(erasures=(Erasure("C1", "granted", CALLED),))

    found = decide(bounds(own, call(), Asset.AUDIO), granted, CALLED)

    assert (found.outcome, found.purposes) == (Outcome.RESTRICT, {"legal_duty"})


def test_the_order_of_rules_decides_nothing() -> None:
    """Whoever sorts the file changes nothing."""
    rules = [
        rule("a", at_least="P1Y", after="P2Y"),
        rule("b", at_least="P90D", after="P180D", queue="support"),
        rule("c", at_least="P1Y6M", rank=LAW),
        rule("d", after="P3Y", rank=CONTRACT),
        rule("e", at_least="P90D", queue="support"),
    ]
    first = bounds(policy(*rules), call(queue="support"), Asset.AUDIO)
    for seed in range(20):
        random.Random(seed).shuffle(rules)  # noqa: S311  # the same orders every time
        assert bounds(policy(*rules), call(queue="support"), Asset.AUDIO) == first


def any_rule(own: str, dice: random.Random, **given: object) -> RetentionRule:
    """A rule about audio, metadata or both, of all calls or of one queue."""
    lengths = ("", "P30D", "P1Y", "P2Y", "P5Y")
    wide = rule(own, queue=dice.choice(("", "support")), rank=dice.choice(tuple(Rank)))
    told = {
        asset: terms(dice.choice(lengths), dice.choice((*lengths, Never.NEVER)))
        for asset in dice.sample((Asset.AUDIO, Asset.METADATA), dice.randint(1, 2))
    }
    return replace(wide, terms=told, **given)  # type: ignore[arg-type]  # fields of a rule


def test_one_more_minimum_never_turns_keeping_into_destroying() -> None:
    """Of law and of contract always; of policy where it is no more specific than what kept (P6)."""
    dice = random.Random(3)  # noqa: S311  # the same policies every time
    facts = call(queue="support")
    moments = [IN_1_Y, IN_2_Y, datetime(2031, 4, 2, tzinfo=UTC)]
    for _ in range(1_500):
        rules = [any_rule(f"r{at}", dice) for at in range(dice.randint(1, 4))]
        more = any_rule("more", dice, specificity=0)
        only = {asset: Terms(keep_at_least=own.keep_at_least) for asset, own in more.terms.items()}
        for asset, now in product((Asset.AUDIO, Asset.METADATA), moments):
            before = decide(bounds(policy(*rules), facts, asset), Standing(), now)
            longer = policy(*rules, replace(more, terms=only))
            after = decide(bounds(longer, facts, asset), Standing(), now)
            if before.outcome is not Outcome.DESTROY:
                assert after.outcome is not Outcome.DESTROY
