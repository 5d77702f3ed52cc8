"""Nothing is destroyed by a clock of which nobody knows whether it is right."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pytest

from archive.keys.clock_watch import (
    HOUR_US,
    PAUSE_US,
    SETTLE_US,
    ClockFacts,
    ClockSeen,
    ClockWatch,
    Doubt,
    KernelWord,
    unasked_clock,
)

DAY_US: Final = 24 * HOUR_US
NEW_YEAR_US: Final = 1_798_761_600_000_000  # 2027-01-01 00:00 UTC
MINUTE_US: Final = 60_000_000


@dataclass
class Machine:
    """Its clocks, and what the kernel says of them."""

    folder: Path
    wall_us: int = NEW_YEAR_US
    since_boot_us: int = MINUTE_US
    kernel: KernelWord = KernelWord.SYNCHRONISED

    def read(self) -> ClockSeen:
        return ClockSeen(
            wall_us=self.wall_us,
            since_boot_us=self.since_boot_us,
            kernel=self.kernel,
        )

    def passes(self, passed_us: int) -> None:
        self.wall_us += passed_us
        self.since_boot_us += passed_us

    def boots(self, wall_us: int) -> None:
        self.wall_us, self.since_boot_us = wall_us, MINUTE_US

    def watch(self, life_us: int = NEW_YEAR_US - HOUR_US) -> ClockWatch:
        """As the key daemon starts it."""
        return ClockWatch(read=self.read, life_us=life_us, word=self.folder / "clock-confirmed")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_clock_that_was_right_an_hour_ago_and_is_synchronised_is_trusted(
    machine: Machine,
) -> None:
    """As at every restart; so is that of a new installation."""
    assert machine.watch().doubt is None
    assert machine.watch(life_us=0).doubt is None


def test_one_that_the_kernel_does_not_vouch_for_is_not(machine: Machine) -> None:
    """Whatever it says, and also once it was synchronised before."""
    machine.kernel = KernelWord.UNSYNCHRONISED
    watch = machine.watch()
    assert watch.doubt is Doubt.UNSYNCHRONISED

    machine.kernel = KernelWord.SYNCHRONISED
    assert watch.look() is Doubt.SETTLING
    machine.passes(SETTLE_US - 1)
    assert watch.look() is Doubt.SETTLING
    machine.passes(1)
    assert watch.look() is None
    machine.kernel = KernelWord.UNSYNCHRONISED
    assert watch.look() is Doubt.UNSYNCHRONISED


def test_off_for_ten_days_it_goes_on_ten_minutes_after_the_kernel_says_synchronised(
    machine: Machine,
) -> None:
    """Over New Year nobody is there to say a word."""
    machine.kernel = KernelWord.UNSYNCHRONISED
    watch = machine.watch(life_us=NEW_YEAR_US - 10 * DAY_US)
    machine.passes(MINUTE_US)
    machine.kernel = KernelWord.SYNCHRONISED
    doubts = [watch.look()]
    machine.passes(SETTLE_US - 1)
    doubts.append(watch.look())
    machine.passes(1)
    doubts.append(watch.look())

    assert doubts == [Doubt.PAUSE, Doubt.PAUSE, None]


@pytest.mark.parametrize(
    ("ahead_us", "doubt"),
    [
        (10 * 365 * DAY_US, Doubt.PAUSE),
        (PAUSE_US + 1, Doubt.PAUSE),
        (PAUSE_US, None),
        (-MINUTE_US, Doubt.BEHIND),
    ],
)
def test_where_the_kernel_is_not_asked_the_last_sign_of_life_is(
    machine: Machine, ahead_us: int, doubt: Doubt | None
) -> None:
    """A guest's host may be wrong, too; then a person says so."""
    machine.kernel = KernelWord.UNASKED
    machine.wall_us = NEW_YEAR_US + ahead_us
    watch = machine.watch(life_us=NEW_YEAR_US)
    machine.passes(DAY_US)

    assert (watch.doubt, watch.look()) == (doubt, doubt)


def test_a_persons_word_is_good_until_the_next_boot(machine: Machine) -> None:
    """Also for a daemon that is started again meanwhile."""
    machine.kernel = KernelWord.UNSYNCHRONISED
    watch = machine.watch()
    watch.confirm()
    assert watch.doubt is None

    machine.passes(3 * DAY_US)
    assert watch.look() is None
    assert machine.watch(life_us=machine.wall_us - HOUR_US).doubt is None

    machine.boots(machine.wall_us + HOUR_US)
    assert machine.watch(life_us=machine.wall_us - HOUR_US).doubt is Doubt.UNSYNCHRONISED


def test_a_word_does_not_hold_for_a_clock_that_is_set_after_it(machine: Machine) -> None:
    """The person saw another time."""
    machine.kernel = KernelWord.UNSYNCHRONISED
    watch = machine.watch()
    watch.confirm()
    machine.wall_us += 10 * 365 * DAY_US

    assert watch.look() is Doubt.UNSYNCHRONISED


def test_a_word_that_cannot_be_read_is_none(machine: Machine) -> None:
    """Nothing is destroyed by what nobody said."""
    (machine.folder / "clock-confirmed").write_bytes(b"{")
    machine.kernel = KernelWord.UNSYNCHRONISED

    assert machine.watch().doubt is Doubt.UNSYNCHRONISED


def test_who_does_not_ask_has_no_doubt(tmp_path: Path) -> None:
    """As tests and benches."""
    assert unasked_clock().doubt is None
    assert replace(machine_of(tmp_path), kernel=KernelWord.UNASKED).watch(life_us=0).doubt is None


def machine_of(folder: Path) -> Machine:
    return Machine(folder)


def test_what_is_known_is_told_with_since_when_and_by_whose_word(machine: Machine) -> None:
    """Who looks at another clock compares it with these."""
    life_us = NEW_YEAR_US - 10 * DAY_US
    machine.kernel = KernelWord.UNSYNCHRONISED
    watch = machine.watch(life_us)
    machine.passes(HOUR_US)
    told = watch.facts()
    watch.confirm()

    assert told == ClockFacts(
        doubt=Doubt.UNSYNCHRONISED,
        kernel=KernelWord.UNSYNCHRONISED,
        since_us=NEW_YEAR_US,
        life_us=life_us,
    )
    assert (watch.facts().doubt, watch.facts().since_us) == ("", 0)


def test_since_when_is_one_time_while_the_reason_changes(machine: Machine) -> None:
    """From the first moment in which nothing went; of a guest the kernel is not asked."""
    machine.kernel = KernelWord.UNSYNCHRONISED
    watch = machine.watch()
    machine.passes(HOUR_US)
    machine.kernel = KernelWord.SYNCHRONISED
    settling = watch.facts()
    machine.passes(SETTLE_US)
    sure = watch.facts()
    machine.kernel = KernelWord.UNASKED

    assert (settling.doubt, settling.since_us) == (Doubt.SETTLING, NEW_YEAR_US)
    assert sure == ClockFacts(kernel=KernelWord.SYNCHRONISED, life_us=NEW_YEAR_US - HOUR_US)
    assert watch.facts().kernel == KernelWord.UNASKED


def test_a_kernel_that_may_not_be_asked_is_as_good_as_one_that_does_not_know(
    machine: Machine,
) -> None:
    """But who looks sees that a filter is in the way, and no time server."""
    machine.kernel = KernelWord.REFUSED
    watch = machine.watch()
    machine.passes(SETTLE_US)

    assert watch.look() is Doubt.UNSYNCHRONISED
    assert watch.facts().kernel == KernelWord.REFUSED
