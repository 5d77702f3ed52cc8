"""Live calls in the holder's memory: kept, taken over, and those of another version."""

import os
from collections.abc import Iterator

import msgspec
import pytest
from structlog.testing import capture_logs

from capture.holder import state_record
from capture.holder.slab import Slab
from capture.holder.state_record import Kind, StateStore, read_record
from capture.inline.server import InlineServer
from capture.inline.state.exchange import Exchange
from capture.links.recorder_messages import Close, Closed, Record
from capture.recording.node_context import NodeContext
from capture.recording.outputs import Deafen, ToWorker
from capture.recording.session_timeouts import Absences, Timeouts
from capture.signalling.live_state import LiveState, pairs_heard
from capture.signalling.unreadable_calls import UnreadableCalls
from tests.capture.siprec.stage import PAIRS, REST_US, Stage, talking

TIMEOUTS = Timeouts(media_s=300, hold_s=7_200, longest_s=43_200)


def exchange_with(node: NodeContext) -> Exchange:
    """No route, no call."""
    return Exchange(node=node, tokens=lambda: b"t", numbers=lambda _bits: 1, here={})


class Memory:
    """The holder's memory, and a stage as it was when its process was killed."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def state(self, stage: Stage) -> LiveState:
        """The live state of a process that starts now."""
        unreadable = UnreadableCalls(TIMEOUTS, lambda pair: stage.arrivals.get(pair, 0), Absences())
        inline = InlineServer(exchange_with(stage.node))
        return LiveState(
            StateStore(Slab(self.descriptor)), stage.core, stage.server, inline, unreadable
        )

    def kinds(self) -> list[Kind | None]:
        return sorted(
            (read_record(value).kind for value in Slab(self.descriptor).values()), key=str
        )


@pytest.fixture
def memory() -> Iterator[Memory]:
    descriptor = os.memfd_create("calls", os.MFD_CLOEXEC)
    os.ftruncate(descriptor, 4 << 20)
    yield Memory(descriptor)
    os.close(descriptor)


def up() -> Stage:
    """A call that is up and of which nothing was taken to be kept yet."""
    stage = Stage()
    for keeper in (stage.core, stage.server.sessions):
        keeper.take_changed = dict  # type: ignore[method-assign]  # the stage would take it away
    talking(stage)
    for keeper in (stage.core, stage.server.sessions):
        del keeper.take_changed
    return stage


def test_a_call_that_was_kept_is_taken_over_with_its_ports(memory: Memory) -> None:
    """Dialog, session and pairs; the worker is told the same as before."""
    first, second = up(), Stage()
    memory.state(first).persist()
    memory.state(second).take_over(second.now.us)

    assert second.session == first.session
    assert second.core.has_dialog(first.session.dialog)
    assert second.ports.free() == PAIRS - 2
    worker = first.session.worker
    assert memory.state(second).commands_for(worker) == first.server.commands_for(worker)


def test_what_is_over_is_forgotten(memory: Memory) -> None:
    """The session once its worker has closed it, the dialog once its last timer has run."""
    stage = up()
    state = memory.state(stage)
    state.persist()
    assert memory.kinds() == [Kind.CALL, Kind.SESSION]

    stage.server.end(stage.session.dialog, "bye", stage.now)
    state.closed(Closed(recording=stage.recording.recording), stage.now)
    state.persist()
    assert memory.kinds() == [Kind.CALL]


def test_a_call_of_another_version_ends_when_it_is_silent_and_gives_its_ports_back(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its worker records on meanwhile; nobody else is given its pairs."""
    first, second = up(), Stage()
    memory.state(first).persist()
    monkeypatch.setattr(state_record, "VERSION", state_record.VERSION + 1)
    state = memory.state(second)
    with capture_logs() as logs:
        state.take_over(second.now.us)
    assert (len(second.server.sessions), second.ports.free()) == (0, PAIRS - 2)
    assert [entry["calls"] for entry in logs] == [1]

    second.now_s = 301.0
    deafen, close = state.end_unreadable(second.now)
    assert deafen == Deafen(first.session.pairs)
    assert isinstance(close, ToWorker)
    assert isinstance(close.command, Close)
    assert state.commands_for(first.session.worker) == [close.command]

    state.closed(Closed(recording=first.recording.recording), second.now)
    state.end_unreadable(second.now)
    second.ports.take(0, second.now.us + REST_US, [0])
    assert second.ports.free() == PAIRS
    assert memory.kinds() == []


def test_a_worker_is_told_of_records_it_has(memory: Memory) -> None:
    """Everything from the beginning."""
    stage = up()

    (told,) = memory.state(stage).commands_for(stage.session.worker)
    assert isinstance(told, Record)


def test_an_inline_call_is_heard_on_all_its_pairs_and_a_recording_on_those_of_its_streams() -> None:
    """What goes beside speech has no stream."""
    (session,) = talking(Stage()).server.sessions
    spare = msgspec.structs.replace(session, pairs=(*session.pairs, 9))
    inline = msgspec.structs.replace(
        spare, call=msgspec.structs.replace(session.call, mode="inline")
    )

    assert pairs_heard(spare) == {stream.pair for stream in session.streams}
    assert pairs_heard(inline) == {*session.pairs, 9}
