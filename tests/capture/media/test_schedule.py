"""When batches are swept."""

from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from archive.ids import RecordingId, TenantId
from capture.media.live import LiveRecording
from capture.media.schedule import BURSTS, MAX_BATCH, Schedule

PERIOD_S = 0.64
# Between two floats that stand for one moment.
TINY_S = 1e-6


def some(count: int) -> list[LiveRecording]:
    tenant = TenantId(bytes(16))
    return [LiveRecording(RecordingId(n.to_bytes(16, "big")), tenant) for n in range(count)]


def sweeps_until(schedule: Schedule, end_s: float) -> dict[LiveRecording, list[float]]:
    """Every sweep that comes due before `end_s`, each at its time."""
    found: dict[LiveRecording, list[float]] = {}
    while (due_s := schedule.next_due_s()) is not None and due_s < end_s:
        turn = schedule.take_due(due_s + TINY_S)
        assert turn is not None
        for recording in turn[0].recordings:
            found.setdefault(recording, []).append(due_s)
    return found


@given(st.integers(1, 200), st.floats(0, 100), st.floats(0, 3))
def test_every_recording_is_swept_once_a_period(count: int, began_s: float, added: float) -> None:
    """From the first one on, whatever came beside it; the period is the loss budget."""
    schedule, recordings = Schedule(PERIOD_S, began_s), some(count)
    now_s = began_s + added
    for recording in recordings:
        schedule.add(recording, now_s)
    found = sweeps_until(schedule, now_s + 10 * PERIOD_S)

    assert found.keys() == set(recordings)
    for times in found.values():
        assert 0 < times[0] - now_s + TINY_S <= PERIOD_S + 2 * TINY_S
        steps = [after - before for before, after in pairwise(times)]
        assert steps == pytest.approx([PERIOD_S] * len(steps))
        assert len(times) >= 9


def test_batches_are_full_before_another_is_begun() -> None:
    """And a place that became free is taken first."""
    schedule, recordings = Schedule(PERIOD_S, 0.0), some(2 * MAX_BATCH + 1)
    for recording in recordings[: 2 * MAX_BATCH]:
        schedule.add(recording, 0.0)
    schedule.remove(recordings[3])
    schedule.add(recordings[-1], 0.0)
    sizes: dict[int, int] = {}
    while (turn := schedule.take_due(PERIOD_S * 2)) is not None:
        sizes[turn[0].number] = len(turn[0].recordings)

    assert sizes == {0: MAX_BATCH, 1: MAX_BATCH}


def test_what_is_removed_is_swept_no_more() -> None:
    """Removing it again changes nothing."""
    schedule, (stays, goes) = Schedule(PERIOD_S, 0.0), some(2)
    schedule.add(stays, 0.0)
    schedule.add(goes, 0.0)
    schedule.remove(goes)
    schedule.remove(goes)

    assert sweeps_until(schedule, 2.0).keys() == {stays}


def test_a_late_turn_says_how_late_and_is_not_made_up_for() -> None:
    """One sweep takes all that waits; several at once would take nothing."""
    schedule, (recording,) = Schedule(PERIOD_S, 0.0), some(1)
    schedule.add(recording, 0.0)
    due_s = schedule.next_due_s()
    assert due_s is not None
    assert schedule.take_due(due_s - TINY_S) is None
    turn = schedule.take_due(due_s + 3.5 * PERIOD_S)

    assert turn is not None
    assert turn[1] == pytest.approx(3.5 * PERIOD_S)
    assert schedule.next_due_s() == pytest.approx(due_s + 4 * PERIOD_S)


def test_batches_are_spread_over_the_period() -> None:
    """Not one burst of work a period, and none may wait for all the others."""
    schedule = Schedule(PERIOD_S, 0.0)
    for recording in some(8 * MAX_BATCH):
        schedule.add(recording, 0.0)
    times = {round(each[0] % PERIOD_S, 4) for each in sweeps_until(schedule, 1.0).values()}

    assert len(times) == BURSTS >= 2


def test_nothing_to_sweep_is_never_due() -> None:
    """The loop then waits for signalling alone."""
    schedule = Schedule(PERIOD_S, 0.0)

    assert schedule.next_due_s() is None
    assert schedule.take_due(1e9) is None
