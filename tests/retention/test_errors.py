"""What an error of retention carries, and under which root it is caught."""

import pytest

from retention.errors import PeriodUnreadable, PolicyRefused, RetentionError


@pytest.mark.parametrize("error", [PeriodUnreadable("P"), PolicyRefused("a", "b")])
def test_every_error_has_one_root(error: RetentionError) -> None:
    """Who calls catches one."""
    with pytest.raises(RetentionError):
        raise error


def test_a_refused_policy_names_every_fault() -> None:
    """Who wrote it mends it in one round."""
    refused = PolicyRefused("rule 'a': x", "zone: y")

    assert refused.faults == ("rule 'a': x", "zone: y")
    assert str(refused) == "rule 'a': x; zone: y"
