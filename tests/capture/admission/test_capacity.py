"""Whether one more call may come in."""

from dataclasses import replace

import pytest

from capture.admission.capacity import FILL_PERMILLE, Full, Limits, Room, preferred, refusal

LIMITS = Limits(max_calls=10, min_free_bytes=1000, min_free_inodes=50)
ROOM = Room(
    calls=9, workers=(0,), free_bytes=1000, free_inodes=50, free_cells=1
)  # fmt: skip


@pytest.mark.parametrize(
    ("room", "reason"),
    [
        (ROOM, None),
        (replace(ROOM, calls=10), Full.CALLS),
        (replace(ROOM, workers=()), Full.WORKERS),
        (replace(ROOM, workers=(), lacks=frozenset({Full.CPU})), Full.CPU),
        (replace(ROOM, free_bytes=999), Full.SPOOL_BYTES),
        (replace(ROOM, free_inodes=49), Full.SPOOL_INODES),
        (replace(ROOM, free_cells=0), Full.MEMORY),
        (replace(ROOM, lacks=frozenset({Full.PORTS})), Full.PORTS),
        (replace(ROOM, workers=(), lacks=frozenset({Full.SPOOL_FAILING})), Full.SPOOL_FAILING),
        (replace(ROOM, lacks=frozenset({Full.DRAINING})), Full.DRAINING),
        (replace(ROOM, lacks=frozenset({Full.DRAINING}), calls=10, free_bytes=0), Full.DRAINING),
        (replace(ROOM, calls=11, free_cells=0), Full.CALLS),
    ],
)
def test_a_call_comes_in_while_everything_is_left(room: Room, reason: Full | None) -> None:
    """One short of any limit it does, at the limit it does not; of several reasons one is told."""
    assert refusal(room, LIMITS) is reason


@pytest.mark.parametrize(
    ("busy", "order"),
    [
        ({}, ()),
        ({0: 0, 1: 0}, (0, 1)),
        ({0: FILL_PERMILLE, 1: 0}, (0, 1)),
        ({0: FILL_PERMILLE + 1, 1: 0}, (1, 0)),
        ({0: 700, 1: 600, 2: 800}, (1, 0, 2)),
    ],
)
def test_one_worker_is_filled_before_the_next_is_begun(
    busy: dict[int, int], order: tuple[int, ...]
) -> None:
    """A busy cache costs less per packet than two cold ones; beyond that the load is shared."""
    assert preferred(busy) == order
