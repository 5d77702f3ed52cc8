"""How long a part that has ended waits before it is started again."""

import sys

from rokuon.compose.processes.part_plan import (
    LONGEST_PAUSE_S,
    WELL_AFTER_S,
    Failures,
    Pauses,
    part_command,
)


def test_the_pause_before_a_restart_doubles_up_to_a_limit() -> None:
    """A part that cannot start must not fill the disk with attempts."""
    pauses = Pauses()

    assert [pauses.after(failures) for failures in (1, 2, 3)] == [0.5, 1.0, 2.0]
    assert pauses.after(10_000) == LONGEST_PAUSE_S
    assert Pauses(first_s=0.02, longest_s=2.0).after(10_000) == 2.0


def test_a_lone_failure_after_many_is_a_first_one() -> None:
    """Eleven crashes in 40 seconds had the next, a good while later, wait for half a minute."""
    failures = Failures(Pauses())
    waits = [failures.pause_s(ran_s=3.0) for _ in range(11)]

    assert waits[-1] == LONGEST_PAUSE_S
    assert failures.pause_s(ran_s=WELL_AFTER_S + 1.0) == waits[0]


def test_a_part_gets_the_options_of_the_whole() -> None:
    """Else it would run with another configuration."""
    command = part_command("keys", ("--config", "a.toml"))

    assert command == (sys.executable, "-m", "rokuon", "--config", "a.toml", "serve", "keys")
