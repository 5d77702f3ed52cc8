"""What an error of retention carries, and under which root it is caught."""

import pytest

from retention.rules.errors import PeriodUnreadable, PolicyRefused, RetentionError, UnknownRevision
from retention.rules.policy_flaws import PolicyFlaw, PolicyPlace, fault


@pytest.mark.parametrize(
    "error",
    [
        PeriodUnreadable(PolicyFlaw.PERIOD),
        PolicyRefused(fault(PolicyFlaw.ZONE)),
        UnknownRevision("no revision 9"),
    ],
)
def test_every_error_has_one_root(error: RetentionError) -> None:
    """Who calls catches one."""
    with pytest.raises(RetentionError):
        raise error


def test_a_refused_policy_names_every_fault() -> None:
    """Who wrote it mends it in one round."""
    faults = (
        fault(PolicyFlaw.PERIOD, PolicyPlace(rule="a", key="audio")),
        fault(PolicyFlaw.CUT_SHORT),
    )
    refused = PolicyRefused(*faults)

    assert refused.faults == faults
    assert str(refused) == "a, audio: period; cut_short"
