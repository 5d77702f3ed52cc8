"""The date on a certificate, from the epochs that there are."""

from archive.keys.epochs.assurance import Assurance, TurnPlan, backup_end
from archive.keys.epochs.epochs import Epoch, EpochState

DAY = 86_400_000_000
PLAN = TurnPlan(every_us=DAY, keep=30)


def epoch(number: int, state: EpochState) -> Epoch:
    gone = DAY * number if state is EpochState.DESTROYED else None
    return Epoch(number=number, created_us=number * DAY, state=state, destroyed_us=gone)


def test_it_ends_n_turns_after_the_epoch_of_the_destruction() -> None:
    """Backups of that epoch have the key, and they open until its own is destroyed."""
    end = backup_end([epoch(6, EpochState.PAST), epoch(7, EpochState.CURRENT)], PLAN)

    assert (end.epoch, end.ends_with, end.planned_us) == (7, 37, 37 * DAY)
    assert end.waits_for == ()


def test_during_a_turn_the_next_epoch_counts() -> None:
    """Its set may have been copied a moment before."""
    end = backup_end([epoch(7, EpochState.CURRENT), epoch(8, EpochState.NEXT)], PLAN)

    assert (end.epoch, end.ends_with, end.planned_us) == (8, 38, 38 * DAY)


def test_without_a_clock_there_is_no_date() -> None:
    """Where epochs turn on command alone nobody can promise a day."""
    end = backup_end([epoch(1, EpochState.CURRENT)], TurnPlan(every_us=0, keep=30))

    assert end.planned_us is None


def test_epochs_that_are_held_back_are_named() -> None:
    """The date is not before they have ended."""
    known = [epoch(1, EpochState.PAST), epoch(2, EpochState.PAST), epoch(32, EpochState.CURRENT)]

    assert backup_end(known, PLAN).waits_for == (1, 2)


def test_one_place_for_copies_is_another_kind_of_assurance() -> None:
    """A certificate names which it is."""
    plan = TurnPlan(every_us=DAY, keep=1, assurance=Assurance.ONE_PLACE)

    assert backup_end([epoch(1, EpochState.CURRENT)], plan).assurance is Assurance.ONE_PLACE
