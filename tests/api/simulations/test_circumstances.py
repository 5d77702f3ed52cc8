"""What is worth a look of a recording under a policy."""

from datetime import timedelta

import pytest

from api.simulations.circumstances import Circumstance, circumstances
from retention.decisions.decision import Frozen, Hold, Standing
from retention.decisions.recording_judgement import judge_all
from retention.rules.rule import Rank, RetentionRule
from tests.api.retained import retained, revision
from tests.retention.examples import rule
from tests.support.retention.judgement import NOW

LAW = rule("law", at_least="P10Y", rank=Rank.LAW)


def found(
    *rules: RetentionRule, standing: Standing | None = None, **values: str | None
) -> list[Circumstance]:
    own = retained(**values)  # type: ignore[arg-type]  # all values
    above = {own.recording: standing} if standing else {}
    (judged,) = judge_all([own], [revision(1, *rules)], NOW + timedelta(days=9), above)
    return list(circumstances(judged))


@pytest.mark.parametrize(
    ("rules", "values", "expected"),
    [
        ((rule("all", after="P1Y"),), {}, []),
        ((rule("all", after="never"),), {}, [Circumstance("no_end", ("all",))]),
        ((LAW,), {}, [Circumstance("no_end")]),
        (
            (LAW, rule("all", after="P20Y")),
            {},
            [],
        ),
        (
            (LAW, rule("all", after="P1Y")),
            {},
            [Circumstance("kept_past_its_end", ("law",), ("all",))],
        ),
        (
            (LAW, rule("all", after="P1D")),
            {},
            [
                Circumstance("kept_past_its_end", ("law",), ("all",)),
                Circumstance("protected", ("law",)),
            ],
        ),
        (
            (rule("all", after="P1Y"), rule("s", queue="support", after="P2Y")),
            {"queue": "sales"},
            [Circumstance("uncovered", what="sales")],
        ),
        (
            (rule("all", after="P1Y"), rule("s", queue="support", after="P2Y")),
            {"queue": "support"},
            [],
        ),
        (
            (rule("s", queue="support", after="P2Y"),),
            {"queue": None},
            [Circumstance("unknown", ("s",), what="queue")],
        ),
    ],
)
def test_each_is_named_with_the_rules_that_make_it(
    rules: tuple[RetentionRule, ...],
    values: dict[str, str | None],
    expected: list[Circumstance],
) -> None:
    """A count without them would help nobody to mend the policy."""
    assert found(*rules, **values) == expected


def test_what_stands_above_rules_is_named() -> None:
    """A hold by its number, a case by its own."""
    standing = Standing(holds=(Hold("7", "M-1"),), freezes=frozenset({"D-1"}))
    told = found(rule("all", after="P1D"), standing=standing)

    assert told == [Circumstance("held", what="7"), Circumstance("frozen", what="D-1")]
    assert Frozen("D-1").case == "D-1"
