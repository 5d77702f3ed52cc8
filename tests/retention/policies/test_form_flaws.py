"""What a form says is wrong, in our words."""

from typing import Any

import msgspec
import pytest

from retention.policies.form_flaws import form_fault
from retention.policies.policy_form import PolicyForm, RuleForm
from retention.rules.policy_flaws import WHOLE, PolicyFlaw

POLICY = {"form": 1, "zone": "UTC"}
RULE = {"id": "a"}
YEAR = "fiscal_year_begins"


def limits(**said: object) -> dict[str, object]:
    """A policy with these limits."""
    return {**POLICY, "limits": said}


@pytest.mark.parametrize(
    ("form", "raw", "flaw", "key"),
    [
        (PolicyForm, {}, PolicyFlaw.MISSING, "form"),
        (PolicyForm, {**POLICY, "form": "1"}, PolicyFlaw.NOT_NUMBER, "form"),
        (PolicyForm, {**POLICY, "zone": 1}, PolicyFlaw.NOT_TEXT, "zone"),
        (PolicyForm, {**POLICY, "colour": 1}, PolicyFlaw.UNKNOWN_KEY, "colour"),
        (PolicyForm, limits(windw=""), PolicyFlaw.UNKNOWN_KEY, "limits.windw"),
        (PolicyForm, limits(window=""), PolicyFlaw.WINDOW, "limits.window"),
        (PolicyForm, limits(plan_at="25:00"), PolicyFlaw.HOUR, "limits.plan_at"),
        (PolicyForm, limits(share_per_day="2"), PolicyFlaw.SHARE, "limits.share_per_day"),
        (PolicyForm, limits(bulk=0), PolicyFlaw.AT_LEAST, "limits.bulk"),
        (PolicyForm, limits(hold_grace_days=0), PolicyFlaw.AT_LEAST, "limits.hold_grace_days"),
        (PolicyForm, {**POLICY, "fiscal_year_begins": 0}, PolicyFlaw.AT_LEAST, YEAR),
        (PolicyForm, {**POLICY, "rule": {"id": "a"}}, PolicyFlaw.NOT_LIST, "rule"),
        (PolicyForm, {**POLICY, "rule": [1]}, PolicyFlaw.NOT_TABLE, "rule"),
        (PolicyForm, {**POLICY, "zones": {"acme": 1}}, PolicyFlaw.NOT_TEXT, "zones"),
        (RuleForm, {"id": "a b"}, PolicyFlaw.ID, "id"),
        (RuleForm, {**RULE, "rank": "x"}, PolicyFlaw.NO_CHOICE, "rank"),
        (RuleForm, {**RULE, "counted_from": "x"}, PolicyFlaw.NO_CHOICE, "counted_from"),
        (RuleForm, {**RULE, "whole_conversation": 1}, PolicyFlaw.NOT_YES_NO, "whole_conversation"),
        (RuleForm, {**RULE, "audio": "P1Y"}, PolicyFlaw.NOT_TABLE, "audio"),
        (RuleForm, {**RULE, "specificity": 10}, PolicyFlaw.AT_MOST, "specificity"),
    ],
)  # fmt: skip
def test_each_thing_that_a_form_refuses_is_a_flaw_of_its_key(
    form: type[Any], raw: dict[str, object], flaw: PolicyFlaw, key: str
) -> None:
    """What the library says is for programmers, in English."""
    with pytest.raises(msgspec.ValidationError) as refused:
        msgspec.convert(raw, form)
    found = form_fault(str(refused.value), WHOLE)

    assert (found.flaw, found.place.key) == (flaw, key)
