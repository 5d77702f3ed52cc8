"""What others see of signalling: files, metrics, log lines."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from archive.call.live import Question, Trouble
from archive.call.refusal_reasons import Reason
from capture.holder.server import BOARD_HEAD_WORDS, BOARD_PAIR_WORDS
from capture.holder.worker_board import Board
from capture.native.choice import RelayLoop
from capture.peers.source_watch import SEEN_FILE, UNKNOWN_FILE
from capture.recording.outputs import Now
from capture.status.publisher import StatusPublisher
from tests.capture.siprec.stage import CLIENT, PAIRS, START_US, Stage, bare_invite, invite

SILENT = replace(CLIENT, alarm_after_s=3600)
HOUR_US = 3_600_000_000
GAUGE = SimpleNamespace(full="cpu", full_us=START_US)
ROOM = SimpleNamespace(full="", full_us=0)


@pytest.fixture
def board() -> Iterator[Board]:
    descriptor = os.memfd_create("board", os.MFD_CLOEXEC)
    os.ftruncate(descriptor, 8 * (BOARD_HEAD_WORDS + BOARD_PAIR_WORDS * PAIRS))
    yield Board(descriptor)
    os.close(descriptor)


def publisher_of(stage: Stage, board: Board, folder: Path) -> StatusPublisher:
    return StatusPublisher(folder, stage.node, board, 2)


def test_how_many_were_turned_away_is_told_since_there_is_no_room(
    board: Board, tmp_path: Path
) -> None:
    """What was refused before, or for another reason, is no part of it."""
    stage = Stage()
    publisher, counts = publisher_of(stage, board, tmp_path), stage.node.ledger.counts
    counts["pbx", Reason.FULL] = 5
    publisher.turn(ROOM, Now(60.0, START_US))  # type: ignore[arg-type]  # only its reason is asked
    taken = publisher.live(Question(), ROOM)  # type: ignore[arg-type]  # the same
    counts["pbx", Reason.FULL] += 1
    counts["other", Reason.DRAINING] += 1
    counts["pbx", Reason.NO_ROUTE] += 1
    publisher.turn(GAUGE, Now(61.0, START_US))  # type: ignore[arg-type]  # the same
    refused = publisher.live(Question(), GAUGE)  # type: ignore[arg-type]  # the same
    publisher.close()

    assert (taken.full, taken.full_us, taken.turned_away) == ("", 0, 0)
    assert (refused.full, refused.full_us, refused.turned_away) == ("cpu", START_US, 2)


def test_figures_are_those_of_the_last_turn(board: Board, tmp_path: Path) -> None:
    """Calls, refusals, troubles, strangers; and the files beside them."""
    stage = Stage().peer(invite()).peer(bare_invite().replace(b"one@peer", b"two@peer"))
    publisher = publisher_of(stage, board, tmp_path)
    publisher.relay_loops = lambda: {1: RelayLoop.NATIVE}
    publisher.unknown.note("198.51.100.7", b"", START_US)
    later = Now(60.0, START_US + 60_000_000)
    publisher.turn(GAUGE, later)  # type: ignore[arg-type]  # only its reason is asked
    figures = publisher.metrics.now

    assert (figures.calls, figures.begun, figures.strangers) == (1, {("pbx",): 1}, 1)
    assert figures.refused == {("pbx", "no recording session"): 1}
    assert figures.troubles == {("pbx", "no_rtp"): 1}
    assert figures.full == "cpu"
    assert figures.workers.loops == {("1", "native"): 1}
    told = publisher.live(Question(), GAUGE)  # type: ignore[arg-type]  # only its reason is asked
    (live,) = told.calls
    assert told.full == "cpu"
    assert live.troubles == (Trouble.NO_RTP,)
    publisher.close()
    assert {path.name for path in tmp_path.iterdir()} == {UNKNOWN_FILE, SEEN_FILE}


def test_a_turn_without_news_asks_no_disk(board: Board, tmp_path: Path) -> None:
    """Twice a second for days: a thread that is closed is not even offered anything."""
    stage = Stage()
    publisher = publisher_of(stage, board, tmp_path)
    publisher.turn(GAUGE, Now(0.0, START_US))  # type: ignore[arg-type]  # as above
    publisher.close()
    publisher.turn(GAUGE, Now(0.5, START_US + 500_000))  # type: ignore[arg-type]  # as above

    stage.node.peers.watch.pinged("pbx", START_US)
    with pytest.raises(RuntimeError):
        publisher.turn(GAUGE, Now(1.0, START_US + 1_000_000))  # type: ignore[arg-type]  # as above


def test_who_speaks_in_calls_of_another_tenant_is_told(board: Board, tmp_path: Path) -> None:
    """Each time with how often; what a guest of the same tenant says is only counted."""
    stage = Stage()
    publisher = publisher_of(stage, board, tmp_path)
    with capture_logs() as logs:
        for _ in range(2):
            stage.node.peers.outsiders.update({("pbx", "stranger"): 3, ("pbx", "guest"): 1})
            for _ in range(2):
                publisher.turn(GAUGE, Now(0.0, START_US))  # type: ignore[arg-type]  # as above
    assert [(line["source"], line["requests"]) for line in logs] == [("pbx", 3), ("pbx", 3)]
    assert publisher.metrics.now.outsiders == {("pbx", "stranger"): 6, ("pbx", "guest"): 2}
    publisher.close()


def test_a_source_that_falls_silent_is_told_once(board: Board, tmp_path: Path) -> None:
    """A line of the log, and a metric for as long as it lasts."""
    stage = Stage(source=SILENT)
    publisher = publisher_of(stage, board, tmp_path)
    stage.node.peers.watch.pinged("pbx", START_US + HOUR_US)
    with capture_logs() as logs:
        for _ in range(3):
            publisher.turn(GAUGE, Now(0.0, START_US + HOUR_US + 1))  # type: ignore[arg-type]  # as above
    assert [line["source"] for line in logs] == ["pbx"]
    assert publisher.metrics.now.silent_sources == ("pbx",)

    stage.node.peers.watch.called("pbx", START_US + HOUR_US)
    publisher.turn(GAUGE, Now(0.0, START_US + HOUR_US + 2))  # type: ignore[arg-type]  # as above
    assert publisher.metrics.now.silent_sources == ()
