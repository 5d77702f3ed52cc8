"""What the recording server does for its workers, its clock and its successor."""

from capture.links.recorder_messages import Closed
from capture.recording.outputs import ToWorker
from tests.capture.siprec.stage import PAIRS, REST_US, Stage, talking

ENDED = ("Record", "Deafen 2", "Close")


def test_a_worker_that_comes_back_is_told_what_lives_and_what_has_ended(stage: Stage) -> None:
    """Records with every event so far, then the ends."""
    talking(stage)
    (worker,) = {each.worker for each in stage.log if isinstance(each, ToWorker)}
    assert [type(each).__name__ for each in stage.server.commands_for(worker)] == ["Record"]
    assert stage.server.commands_for(1 - worker) == []

    stage.inside(b"BYE", 2)
    told = stage.server.commands_for(worker)
    assert told == [stage.records()[-1], stage.closes()[-1]]
    stage.closed()
    assert stage.server.commands_for(worker) == []


def test_a_part_number_that_was_used_is_kept_for_the_next_worker(stage: Stage) -> None:
    """The highest counts, in whatever order they are heard."""
    talking(stage)
    recording = stage.recording.recording
    for part in (2, 0):
        stage.server.part_begins(recording, part)
    stage.server.part_begins(b"nobody", 7)

    assert stage.server.commands_for(stage.session.worker)[0].next_part == 3  # type: ignore[union-attr]  # a Record


def test_a_recording_that_is_closed_twice_gives_its_pairs_back_once() -> None:
    """A pair in the pool twice would be in two calls."""
    stage = talking(Stage()).inside(b"BYE", 2)
    recording = stage.recording.recording
    stage.server.closed(Closed(recording=recording), stage.now)
    stage.server.closed(Closed(recording=recording), stage.now)

    stage.until(100.0).ports.take(0, stage.now.us + REST_US, [0])
    assert stage.ports.free() == PAIRS


def test_a_source_that_is_no_longer_configured_does_not_lose_its_call(stage: Stage) -> None:
    """A reload of the configuration while the call is up."""
    talking(stage)
    stage.node.peers.sources.known = ()

    stage.inside(b"BYE", 2).then("200 BYE", *ENDED)


def test_a_clock_that_was_set_gives_each_call_its_time_again(stage: Stage) -> None:
    """What is over stays over."""
    talking(stage).until(50.0).server.clock_stepped(stage.now)
    assert stage.session.liveness.resumed_us == stage.now.us

    stage.inside(b"BYE", 2).until(60.0).server.clock_stepped(stage.now)
    assert stage.session.liveness.resumed_us < stage.now.us
