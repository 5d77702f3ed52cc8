"""What room a node has, measured on a real disk, board and slab."""

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from capture.admission.capacity import Full, Limits, Vacancy
from capture.admission.capacity_gauge import CELLS_A_CALL, SPOOL_PATIENCE_US, STALE_BEAT_US, Gauge
from capture.holder.server import BOARD_HEAD_WORDS, BOARD_PAIR_WORDS
from capture.holder.slab import Slab
from capture.holder.worker_board import Board, WorkerState, relay_row
from capture.media.spool_trial import FAILED_US

NOW_US = 1_795_564_800_000_000
LIMITS = Limits(max_calls=9, min_free_bytes=0, min_free_inodes=0)


class Host:
    """A host with two workers that are there and idle."""

    def __init__(self, folder: Path, board: int, slab: int) -> None:
        self.folder = folder
        self.board, self.slab = Board(board), Slab(slab)
        for worker in range(2):
            self.shows(worker)

    def shows(
        self,
        worker: int,
        *,
        busy_permille: int = 0,
        late_ms: int = 0,
        at_us: int = NOW_US,
        failing: bool = False,
    ) -> None:
        """A worker says how it is."""
        self.board.show(worker, WorkerState(busy_permille, late_ms, at_us, failing))

    def relays(
        self, worker: int, *, busy_permille: int = 0, late_ms: int = 0, at_us: int = NOW_US
    ) -> None:
        """A relay says how it is."""
        state = WorkerState(busy_permille, late_ms, at_us, failing=False)
        self.board.show(relay_row(worker), state)

    def gauge(self, limits: Limits = LIMITS, *, has_relays: bool = False) -> Gauge:
        return Gauge(limits, self.folder, self.board, self.slab, 2, has_relays=has_relays)


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    sizes = {"board": 8 * (BOARD_HEAD_WORDS + BOARD_PAIR_WORDS * 4), "slab": 4 << 20}
    descriptors = [os.memfd_create(name, os.MFD_CLOEXEC) for name in sizes]
    for descriptor, size in zip(descriptors, sizes.values(), strict=True):
        os.ftruncate(descriptor, size)
    yield Host(tmp_path, *descriptors)
    for descriptor in descriptors:
        os.close(descriptor)


def test_an_idle_node_takes_calls_with_all_its_workers(host: Host) -> None:
    """The first one first, as long as it has time."""
    assert host.gauge().look(0, NOW_US, has_ports=True) == Vacancy(None, (0, 1))


@pytest.mark.parametrize(
    ("limits", "full"),
    [
        (replace(LIMITS, max_calls=3), Full.CALLS),
        (replace(LIMITS, min_free_bytes=1 << 62), Full.SPOOL_BYTES),
        (replace(LIMITS, min_free_inodes=1 << 62), Full.SPOOL_INODES),
    ],
)
def test_what_has_run_out_is_named(host: Host, limits: Limits, full: Full) -> None:
    """The administrator reads it in the log."""
    assert host.gauge(limits).look(3, NOW_US, has_ports=True).full is full
    assert host.gauge().look(0, NOW_US, has_ports=False).full is Full.PORTS


def test_a_busy_a_late_and_a_silent_worker_get_no_call(host: Host) -> None:
    """Where all of those that are alive are busy, it is the CPU that has run out."""
    gauge = host.gauge()
    host.shows(0, busy_permille=950)
    assert gauge.look(0, NOW_US, has_ports=True) == Vacancy(None, (1,))

    host.shows(1, late_ms=2_500)
    assert gauge.look(0, NOW_US, has_ports=True) == Vacancy(Full.CPU, ())

    host.shows(1)
    host.shows(0)
    assert gauge.look(0, NOW_US + STALE_BEAT_US, has_ports=True) == Vacancy(Full.WORKERS, ())


def test_a_worker_that_cannot_write_gets_no_call(host: Host) -> None:
    """Neither one with a recording that no volume takes, nor one whose trial write has failed.

    Nor one whose disk has owed an answer for too long; where none can write, that is the reason.
    """
    gauge, now_us = host.gauge(), time.monotonic_ns() // 1000
    host.board.show_spool(0, now_us - SPOOL_PATIENCE_US)
    assert gauge.look(0, NOW_US, has_ports=True) == Vacancy(None, (1,))

    host.shows(1, failing=True)
    assert gauge.look(0, NOW_US, has_ports=True) == Vacancy(Full.SPOOL_FAILING, ())

    host.board.show_spool(0, now_us)
    assert gauge.look(0, NOW_US, has_ports=True) == Vacancy(None, (0,))

    host.board.show_spool(0, FAILED_US)
    assert gauge.look(0, NOW_US, has_ports=True).full is Full.SPOOL_FAILING


def test_what_may_still_be_kept_is_measured_in_whole_calls(host: Host) -> None:
    """Half of a call in memory is a call that its successor does not know."""
    gauge = host.gauge()
    spare = host.slab.free_cells - CELLS_A_CALL
    for number in range(spare - 1):
        host.slab.put(b"%d" % number, b"small")
    assert gauge.look(0, NOW_US, has_ports=True).full is None

    host.slab.put(b"last", b"small")
    assert gauge.look(0, NOW_US, has_ports=True).full is Full.MEMORY


def test_since_when_calls_are_refused_is_known_whatever_the_reason_becomes(host: Host) -> None:
    """A full spool on which a worker then hangs is one outage."""
    gauge = host.gauge()
    gauge.look(0, NOW_US, has_ports=True)
    before = gauge.full_us
    gauge.look(0, NOW_US + 1, has_ports=False)
    gauge.draining = True
    gauge.look(0, NOW_US + 2, has_ports=False)
    during = gauge.full_us
    gauge.draining = False
    gauge.look(0, NOW_US + 3, has_ports=True)

    assert (before, during, gauge.full_us) == (0, NOW_US + 1, 0)


def test_a_node_that_drains_takes_no_call(host: Host) -> None:
    """A stop was asked for."""
    gauge = host.gauge()
    gauge.draining = True

    assert gauge.look(0, NOW_US, has_ports=True).full is Full.DRAINING


def test_a_file_system_that_counts_no_inodes_is_not_full(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It makes them as needed and reports 0 of 0."""
    real = os.statvfs(host.folder)
    none = os.statvfs_result([*real[:5], 0, 0, 0, *real[8:10]])
    monkeypatch.setattr(os, "statvfs", lambda _: none)

    gauge = host.gauge(replace(LIMITS, min_free_inodes=10_000))
    assert gauge.look(0, NOW_US, has_ports=True).full is None


def test_a_node_that_becomes_full_says_so_once_and_again_when_it_is_not(host: Host) -> None:
    """Calls are lost meanwhile: the administrator must find since when and why."""
    gauge = host.gauge(replace(LIMITS, max_calls=3))
    with capture_logs() as logs:
        for calls in (2, 3, 3, 4, 2, 2):
            gauge.look(calls, NOW_US, has_ports=True)

    assert [entry["event"] for entry in logs] == [
        "new calls are refused",
        "new calls are taken again",
    ]
    assert logs[0]["reason"] == "calls"


def test_a_spool_that_is_gone_has_no_room(host: Host, tmp_path: Path) -> None:
    """Signalling lives on: calls that need no recording go through it."""
    host.folder = tmp_path / "away"

    assert (
        host.gauge(replace(LIMITS, min_free_bytes=1)).look(0, NOW_US, has_ports=True).full
        is Full.SPOOL_BYTES
    )


def test_a_worker_is_as_busy_as_its_relay(host: Host) -> None:
    """A call needs both; an SRTP call costs the relay fifty times what it costs the worker."""
    host.relays(0, busy_permille=500)
    assert host.gauge().look(0, NOW_US, has_ports=True).workers == (1, 0)

    host.relays(0, busy_permille=950)
    assert host.gauge().look(0, NOW_US, has_ports=True).workers == (1,)
    host.relays(1, late_ms=2_500)
    assert host.gauge().look(0, NOW_US, has_ports=True).full is Full.CPU


def test_a_relay_that_is_away_says_nothing_of_its_worker(host: Host) -> None:
    """Without inline calls there is none; one that was killed has a successor at once."""
    host.relays(0, busy_permille=950, at_us=NOW_US - STALE_BEAT_US)

    assert host.gauge().look(0, NOW_US, has_ports=True).workers == (0, 1)


def test_with_routes_a_relay_that_is_away_leaves_its_worker_no_inline_call(host: Host) -> None:
    """Neither side would hear the other; a recording session needs no relay."""
    gauge = host.gauge(has_relays=True)
    host.relays(0, at_us=NOW_US - STALE_BEAT_US)
    host.relays(1)
    with capture_logs() as logs:
        for _ in range(2):
            assert gauge.look(0, NOW_US, has_ports=True) == Vacancy(None, (0, 1), frozenset({0}))

    assert [entry["relays"] for entry in logs] == [[0]]
    assert host.gauge().look(0, NOW_US, has_ports=True).mute == frozenset()
