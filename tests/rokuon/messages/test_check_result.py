"""Outcomes of checks."""

from rokuon.messages.check_result import Check, Severity

CHECK = Check("X-001", "a thing")


def test_a_passed_check_needs_no_fix() -> None:
    """Green lines carry no advice."""
    outcome = CHECK.passed("1", "1")

    assert (outcome.severity, outcome.fix) == (Severity.OK, "")


def test_a_failed_check_says_how_bad_and_what_to_do() -> None:
    """Warning: not as promised. Error: something would be lost."""
    assert CHECK.warning("1", "2", "do").severity is Severity.WARNING
    assert CHECK.error("1", "2", "do").fix == "do"
