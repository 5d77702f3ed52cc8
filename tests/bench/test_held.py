"""Tests of what is concluded from calls that were held."""

from bench.held import HEADS, most_held
from tests.bench.examples import held, ours, sent, setup


def test_calls_are_held_cleanly_when_all_are_answered_and_nothing_is_lost() -> None:
    """The largest number of these is the figure that is promised."""
    one = held(1)

    assert one.clean
    assert one.limits == []
    assert one.row()[-2:] == ["yes", "nothing yet"]
    assert len(one.row()) == len(HEADS)


def test_a_loss_on_either_side_is_not_clean_and_is_named() -> None:
    """A generator that is late must not pass for a recorder that is in time, nor the reverse."""
    dropped = held(1, ours(1.5, dropped=2))
    unsent = held(1, ours(1.5, load=sent(failed=3)))
    late = held(1, ours(1.5, load=sent(missed_slots=4)))

    assert [each.clean for each in (dropped, unsent, late)] == [False] * 3
    assert dropped.limits == ["2 packets dropped from full receive queues"]
    assert unsent.limits == ["3 packets that the generator could not send"]
    assert late.limits == ["4 beats that the generator missed"]


def test_calls_that_were_refused_carry_the_recorders_own_reason() -> None:
    """503 alone does not say what ran out."""
    one = held(3, ours(1.5, began=setup(1, {"503": 2})), refusals=("cpu",))

    assert not one.clean
    assert one.limits == ["2 calls not answered: 2 × 503 (cpu)"]


def test_a_machine_without_idle_cores_is_what_limits() -> None:
    """Also where nothing is lost yet; the figure has both sides and the kernel in it."""
    one = held(1, ours(1.5, machine_cpu_s=19.0))

    assert one.clean
    assert one.limits == ["CPU: 1.90 of 2 cores at work"]


def test_the_most_calls_held_are_the_most_of_which_nothing_was_lost() -> None:
    """Not the most that were tried; a generator that is late now and then has lost nothing."""
    late = held(2, ours(1.5, load=sent(missed_slots=4), began=setup(2)))
    lossy = held(3, ours(1.5, dropped=1, began=setup(3)))

    assert most_held([held(1), late, lossy]) == 2
    assert most_held([lossy]) == 0
