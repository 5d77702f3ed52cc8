"""The board, as a worker writes and signalling reads it."""

import os

from capture.holder.server import BOARD_HEAD_WORDS, BOARD_PAIR_WORDS, MAX_WORKERS
from capture.holder.worker_board import Board, WorkerState, relay_row
from tests.capture.media.scene import Node


def test_what_a_worker_shows_another_process_reads(node: Node) -> None:
    """Two mappings of one memory."""
    descriptor = node.holder.names["board"][0]
    workers, signalling = Board(descriptor), Board(descriptor)
    state = WorkerState(busy_permille=250, late_ms=3, beat_us=1_795_564_800_000_000, failing=True)
    workers.show(1, state)

    assert signalling.state(1) == state
    assert signalling.state(0) == WorkerState(0, 0, 0, failing=False)


def test_the_last_worker_does_not_write_over_the_first_pair(node: Node) -> None:
    """One memory, two tables."""
    board = Board(node.holder.names["board"][0])
    board.show(MAX_WORKERS - 1, WorkerState(1, 2, 3, failing=True))

    assert [board.last_arrival_us(pair) for pair in range(board.pairs)] == [0] * 4
    board.activity[0] = 9
    assert board.state(MAX_WORKERS - 1) == WorkerState(1, 2, 3, failing=True)
    assert board.last_arrival_us(0) == 9


def test_there_are_words_for_each_pair(node: Node) -> None:
    """The holder makes the memory for the pairs that it has."""
    descriptor = node.holder.names["board"][0]

    assert Board(descriptor).pairs == node.plan.pairs == 4
    assert os.fstat(descriptor).st_size == 8 * (BOARD_HEAD_WORDS + BOARD_PAIR_WORDS * 4)


def test_a_part_that_was_begun_is_known_to_whoever_comes_after(node: Node) -> None:
    """By any pair that the recording has, in another process too; the highest number counts."""
    descriptor = node.holder.names["board"][0]
    board, recording = Board(descriptor), bytes(range(16))
    assert board.next_part([1, 2], recording) == 0
    board.begin_part([1, 2], recording, 0)
    board.begin_part([1], recording, 1)

    assert Board(descriptor).next_part([1, 2], recording) == 2
    assert Board(descriptor).next_part([2], recording) == 1
    assert Board(descriptor).next_part([0, 3], recording) == 0
    assert [board.last_arrival_us(pair) for pair in range(4)] == [0] * 4


def test_the_parts_of_a_pair_s_last_call_are_not_those_of_its_next(node: Node) -> None:
    """A pair goes from call to call, and its word with it."""
    board = Board(node.holder.names["board"][0])
    board.begin_part([1], b"before" + bytes(9) + b"\1", 7)

    assert board.next_part([1], b"before" + bytes(9) + b"\2") == 0


def test_a_count_never_becomes_another_recording(node: Node) -> None:
    """No recording has so many parts; if one had, its numbers would stop and not its name."""
    board = Board(node.holder.names["board"][0])
    board.begin_part([0], bytes(16), 1 << 20)

    assert board.next_part([0], bytes(16)) == (1 << 15) - 1


def test_an_end_is_known_to_whoever_comes_after_and_is_no_other_call_s(node: Node) -> None:
    """The number that is used up stays what it was; a pair that has gone on says nothing."""
    board, recording, next_call = Board(node.holder.names["board"][0]), bytes(16), b"n" * 16
    board.begin_part([0, 1], recording, 2)
    board.begin_part([1], next_call, 0)
    before = board.is_ended([0, 1], recording)
    board.end_parts([0, 1], recording)

    assert (before, board.is_ended([0, 1], recording)) == (False, True)
    assert not board.is_ended([1], recording)
    assert not board.is_ended([1], next_call)
    assert (board.next_part([0], recording), board.next_part([1], next_call)) == (3, 1)


def test_what_is_played_to_a_pair_has_words_of_its_own(node: Node) -> None:
    """Its lane is the pair's number behind all pairs."""
    board = Board(node.holder.names["board"][0])
    board.packets[board.pairs] = 7

    assert (board.pairs, board.lanes) == (4, 8)
    assert int(board.packets[0]) == 0


def test_a_relay_s_row_is_not_a_worker_s(node: Node) -> None:
    """Nor does the last one write over the first pair."""
    board = Board(node.holder.names["board"][0])
    board.show(relay_row(0), WorkerState(1, 2, 3, failing=True))
    board.show(relay_row(MAX_WORKERS - 1), WorkerState(1, 2, 3, failing=True))

    assert board.state(MAX_WORKERS - 1) == board.state(0) == WorkerState(0, 0, 0, failing=False)
    assert board.last_arrival_us(0) == 0
