"""The picture of the machine that checks look at."""

import dataclasses

import pytest

from rokuon.doctor.facts import PortState
from tests.rokuon.doctor import examples


def test_facts_cannot_change_under_a_check() -> None:
    """All checks see the same machine."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        examples.healthy().sip_port = PortState.OTHER  # type: ignore[misc]  # that is the point
