"""The check of notices."""

import dataclasses

from rokuon.doctor.notice import playable
from rokuon.messages.check_result import Severity
from tests.rokuon.doctor import examples


def test_a_notice_that_cannot_be_played_costs_calls() -> None:
    """It is named, and how to find out what is wrong."""
    found = playable(dataclasses.replace(examples.healthy(), unplayable_prompts=("own (PRM-006)",)))

    assert (found.check, found.severity) == ("NOTE-001", Severity.ERROR)
    assert found.measured == "own (PRM-006)"
    assert "rokuon prompt check" in found.fix


def test_without_a_broken_one_all_is_well() -> None:
    """Also where no route has a notice."""
    assert playable(examples.healthy()).severity is Severity.OK
