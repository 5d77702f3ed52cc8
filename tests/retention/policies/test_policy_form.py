"""What the form of a policy lets through."""

import msgspec
import pytest

from retention.policies.policy_form import LimitsForm, PolicyForm, RuleForm


def test_a_key_that_is_not_known_is_refused() -> None:
    """A misspelt `delete_after` would keep for ever in silence."""
    with pytest.raises(msgspec.ValidationError, match="delete_afer"):
        msgspec.convert({"id": "a", "audio": {"delete_afer": "P1Y"}}, RuleForm)
    with pytest.raises(msgspec.ValidationError, match="rules"):
        msgspec.convert({"form": 1, "zone": "UTC", "rules": []}, PolicyForm)


@pytest.mark.parametrize("window", ["22:00", "24:00-06:00", "22-6", ""])
def test_a_window_is_two_times_of_day(window: str) -> None:
    """Anything else would be understood by luck."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"window": window}, LimitsForm)


@pytest.mark.parametrize("own", ["", "a b", "-a", "x" * 65])
def test_a_rule_has_a_short_name_without_spaces(own: str) -> None:
    """It stands in plans, certificates and addresses."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"id": own}, RuleForm)
