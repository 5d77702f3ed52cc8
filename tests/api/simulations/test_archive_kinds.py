"""Classes of which some policies make the same."""

from api.simulations.archive_kinds import ArchiveKinds
from api.simulations.simulation import Supposition
from archive.lifecycle.recording_values import ALL_UNKNOWN, Values
from retention.policies.number_sets import stand_in
from retention.policies.shipped_policy import SHIPPED
from retention.rules.conditions import AttributeKind
from retention.rules.match import Match
from tests.api.retained import retained
from tests.retention.examples import policy, rule
from tests.support.retention.judgement import NOW

TOKYO = Match({AttributeKind.NUMBER: frozenset({"+813*"})})


def values(**own: str) -> Values:
    return retained(**own).values  # type: ignore[arg-type]  # all values


def kinds(*classes: Values) -> ArchiveKinds:
    own = policy(
        rule("all", after="P1Y"), rule("s", queue="support", after="P1D"),
        rule("n", match=TOKYO, at_least="P5Y"),
    )  # fmt: skip
    what = Supposition(policy=own, revisions=(SHIPPED,), now=NOW)
    return ArchiveKinds.of(what, dict(enumerate(classes, start=1)))


def test_classes_that_no_rule_tells_apart_are_of_one_kind() -> None:
    """Five hundred agents whom no rule names are judged once."""
    found = kinds(
        values(queue="support", agent="a1"), values(queue="support", agent="a2"),
        values(queue="sales", agent="a1"), ALL_UNKNOWN,
    )  # fmt: skip

    assert found.by_class[1] == found.by_class[2] != found.by_class[3]
    assert found.by_class[4] == 0
    assert len(found.found) == 3


def test_queues_that_no_rule_names_are_told_apart_for_they_are_named() -> None:
    """Else the list of them would have one."""
    found = kinds(values(queue="sales"), values(queue="claims"))

    assert found.by_class[1] != found.by_class[2]


def test_a_case_has_the_numbers_that_it_was_counted_with_and_the_rules_that_are_about_it() -> None:
    """A rule about another queue says nothing of it."""
    found = kinds(values(queue="sales"))
    kind = found.by_class[1]
    with_number, has = found.case(kind, 1)
    without, has_none = found.case(kind, 0)

    assert found.sets == (frozenset({"+813*"}),)
    assert has.values["number"] == frozenset({stand_in(0)})
    assert has_none.values["number"] == frozenset()
    assert [each.id for each in with_number.policy.rules] == ["all", "n"]
    assert [each.id for each in without.policy.rules] == ["all"]
