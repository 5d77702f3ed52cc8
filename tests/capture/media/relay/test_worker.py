"""The loop of a relay."""

import threading
import time

from capture.holder.worker_board import Board, WorkerState, relay_row
from capture.links.relay_messages import RelayHello
from capture.media.relay.worker import BEAT_S
from capture.native.choice import LoopWord, RelayLoop
from tests.capture.media.relay_scene import FIRST_SEQUENCE, SSRC_TO_CALLER, Stage, call, header
from tests.capture.media.scene import rtp
from tests.support.media.relay_reports import report_about


def test_it_says_who_it_is_and_which_loop_it_runs(stage: Stage, loop: LoopWord) -> None:
    """Signalling then says everything that is its, and metrics tell the loop."""
    assert stage.says() == [RelayHello(worker=0, loop=RelayLoop(loop))]


def test_it_shows_when_a_pair_was_heard(stage: Stage) -> None:
    """Also of a call that nobody records: silence ends it."""
    stage.tell(call(stage, is_landed=False))
    stage.send(stage.caller, rtp(1), to=0)
    heard_us = stage.wall_us
    for _ in range(12):
        stage.pass_time(0.1)
    board = Board(stage.node.holder.names["board"][0])

    assert abs(board.last_arrival_us(0) - heard_us) <= 1
    assert board.last_arrival_us(1) == 0


def test_reports_are_life_as_well(stage: Stage) -> None:
    """RTCP of who is on hold and sends nothing else."""
    stage.tell(call(stage, is_landed=False))
    stage.send(stage.caller, rtp(1), to=0)
    for _ in range(12):
        stage.pass_time(0.1)
    stage.send(stage.caller, report_about(SSRC_TO_CALLER), to=0, rtcp=True)
    heard_us = stage.wall_us
    for _ in range(12):
        stage.pass_time(0.1)
    board = Board(stage.node.holder.names["board"][0])

    assert abs(board.last_arrival_us(0) - heard_us) <= 1


def test_it_shows_how_it_is(stage: Stage) -> None:
    """In a row of its own, beside that of the worker."""
    for _ in range(30):
        stage.pass_time(0.1)
    board = Board(stage.node.holder.names["board"][0])
    state = board.state(relay_row(0))

    assert 0 < state.beat_us <= stage.wall_us
    assert not state.failing
    assert board.state(0) == WorkerState(0, 0, 0, failing=False)


def test_it_waits_no_longer_than_until_something_is_due(stage: Stage) -> None:
    """A packet of a prompt, or a turn."""
    stage.tell(call(stage))
    stage.pass_time(0.1)
    assert 0 < stage.relay.due_s - stage.now_s <= 0.05


def test_without_a_call_it_wakes_up_for_its_beat_alone(stage: Stage) -> None:
    """Twenty turns a second cost a machine with few calls as much as they do."""
    waits = []
    for _ in range(3):
        stage.pass_time(stage.relay.due_s - stage.now_s)
        waits.append(round(stage.relay.due_s - stage.now_s, 3))
    assert waits == [BEAT_S] * 3


def test_what_signalling_says_brings_the_turns_back(stage: Stage) -> None:
    """Of the first call's ends none is looked after later than of the hundredth's."""
    stage.pass_time(stage.relay.due_s - stage.now_s)
    stage.tell(call(stage))
    assert 0 < stage.relay.due_s - stage.now_s <= 0.05


def test_a_relay_that_finds_nobody_looks_ten_times_a_second(stage: Stage) -> None:
    """Signalling that comes back is told at once that the relay is there."""
    stage.listener.close()
    stage.relay.link.close()
    stage.pass_time(1.0)
    assert 0 < stage.relay.due_s - stage.now_s <= 0.1


def test_all_ends_are_looked_after_in_a_round(stage: Stage) -> None:
    """A tenth of them at a time."""
    stage.tell(call(stage), call(stage, {"pair": 2}, {"pair": 3}, call=b"d" * 16))
    seen: list[int] = []
    stage.relay.roster.look_after = lambda end: seen.append(end.pair)  # type: ignore[method-assign]
    for _ in range(10):
        stage.pass_time(0.06)

    assert set(seen) == {0, 1, 2, 3}


def test_it_runs_until_it_is_told_to_stop(stage: Stage) -> None:
    """Calls that are up stay for a successor."""
    stage.tell(call(stage))
    asked: list[float] = []
    stage.now_s = time.monotonic()
    stop = threading.Event()

    def stopping() -> bool:
        asked.append(time.monotonic())
        if len(asked) == 1:
            stage.caller.rtp.sendto(rtp(1), ("127.0.0.1", stage.node.port(0)))
        return stop.is_set()

    thread = threading.Thread(target=stage.relay.run, args=[stopping])
    thread.start()
    heard = stage.callee.hears()
    stop.set()
    thread.join()

    assert header(heard)[2] == FIRST_SEQUENCE
    assert len(list(stage.table.kept())) == 1
