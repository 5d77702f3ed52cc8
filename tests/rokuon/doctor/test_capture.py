"""The doctor and capture as it runs."""

import dataclasses

import pytest

from api.health.seen import CaptureSeen
from capture.admission.capacity import Full
from rokuon.doctor.capture import playable, takes_calls
from rokuon.messages.check_result import Severity
from tests.rokuon.doctor import examples


@pytest.mark.parametrize(
    ("capture", "severity", "measured", "fix"),
    [
        (None, Severity.OK, "does not run here", ""),
        (CaptureSeen(), Severity.OK, "are taken", ""),
        (CaptureSeen(answers=False), Severity.ERROR, "does not answer", "rokuon serve"),
        (CaptureSeen(full=Full.DRAINING), Severity.WARNING, "draining", "drain --off"),
        (CaptureSeen(full=Full.PORTS), Severity.ERROR, "ports", "rtp.first_port"),
        (CaptureSeen(full=Full.SPOOL_FAILING), Severity.ERROR, "spool failing", "STOR-006"),
        (CaptureSeen(full=Full.CALLS), Severity.ERROR, "calls", "limits.max_calls"),
        (CaptureSeen(full=Full.CPU), Severity.ERROR, "cpu", "cores"),
        (CaptureSeen(full=Full.WORKERS), Severity.ERROR, "workers", "its log"),
        (CaptureSeen(full="of tomorrow"), Severity.ERROR, "of tomorrow", "no room"),
    ],
)
def test_what_keeps_calls_from_being_recorded_is_named_with_what_helps(
    capture: CaptureSeen | None, severity: Severity, measured: str, fix: str
) -> None:
    """All was green while every call was refused: another program had the ports."""
    finding = takes_calls(examples.seen(capture=capture))

    assert (finding.severity, measured in finding.measured) == (severity, True)
    assert fix in finding.fix


def test_a_notice_that_cannot_be_played_costs_calls() -> None:
    """It is named, and how to find out what is wrong."""
    found = playable(dataclasses.replace(examples.healthy(), unplayable_prompts=("own (PRM-006)",)))

    assert (found.check, found.severity) == ("NOTE-001", Severity.ERROR)
    assert found.measured == "own (PRM-006)"
    assert "rokuon prompt check" in found.fix


def test_without_a_broken_one_all_is_well() -> None:
    """Also where no route has a notice."""
    assert playable(examples.healthy()).severity is Severity.OK
