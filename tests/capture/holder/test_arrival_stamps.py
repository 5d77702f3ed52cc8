"""Tests of the wait for arrival stamps."""

import time

import pytest

from capture.holder import arrival_stamps
from capture.holder.arrival_stamps import await_stamps


def test_this_kernel_stamps_what_arrives() -> None:
    """Whatever it did before: from here on, an arrival is an arrival."""
    assert await_stamps()


def test_a_stamp_of_the_reading_is_not_taken_for_one_of_the_arrival(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A kernel that does not stamp yet gives the time at which it was asked."""
    late = iter([True, True, False])
    seen: list[int] = []

    def reading(*_: object) -> int:
        seen.append(0)
        return time.time_ns() + (60_000_000_000 if next(late) else -60_000_000_000)

    monkeypatch.setattr(arrival_stamps, "_nanoseconds", reading)

    assert await_stamps()
    assert len(seen) == 3


def test_where_nothing_is_stamped_the_wait_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A node without stamps records all the same."""
    monkeypatch.setattr(arrival_stamps, "_nanoseconds", lambda _: time.time_ns() + 60_000_000_000)

    assert not await_stamps(wait_s=0.02)
