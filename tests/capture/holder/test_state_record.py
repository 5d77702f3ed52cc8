"""Live state in the holder's memory, across versions of who keeps it."""

import os
from collections.abc import Callable, Iterator

import msgspec
import pytest
from hypothesis import given, strategies as st
from structlog.testing import capture_logs

from capture.holder import state_record
from capture.holder.slab import CELL_BYTES, Slab
from capture.holder.state_record import Essentials, Kind, StateRecord, StateStore, read_record

ESSENTIALS = Essentials(recording=b"r" * 16, worker=1, pairs=(3, 5), created_us=7)
# A session as version 1 lays it down: every later version must read this much of it.
FIRST_VERSION = (
    bytes.fromhex(
        "01 73 3a00"
        "84 a97265636f7264696e67 c410 72727272727272727272727272727272"
        "a6776f726b6572 01 a57061697273 920305 aa637265617465645f7573 07"
    )
    + b"state"
)


class Heir:
    """Whoever takes over; a state that begins with `!` cannot be read."""

    def __init__(self) -> None:
        self.found: list[tuple[Kind, bytes]] = []

    def take_over(self, store: StateStore) -> list[StateRecord]:
        unread = store.take_over({kind: self._taker(kind) for kind in Kind})
        return [each for _, each in unread]

    def _taker(self, kind: Kind) -> Callable[[list[bytes]], object]:
        def take(states: list[bytes]) -> None:
            for state in states:
                if state.startswith(b"!"):
                    raise msgspec.ValidationError("a field is missing")
                self.found.append((kind, state))

        return take


@pytest.fixture
def slab() -> Iterator[Slab]:
    descriptor = os.memfd_create("calls", os.MFD_CLOEXEC)
    os.ftruncate(descriptor, 4 << 20)
    yield Slab(descriptor)
    os.close(descriptor)


def test_calls_and_sessions_come_back_each_as_what_it_is(slab: Slab) -> None:
    """A Call-ID may look like a recording's id."""
    store, heir = StateStore(slab), Heir()
    store.keep_call(b"same", b"old")
    store.keep_call(b"same", b"call")
    store.keep_session(b"same", (ESSENTIALS, b"session"))
    store.keep_call(b"over", b"call")
    store.keep_call(b"over", None)
    store.keep_session(b"over", None)

    assert heir.take_over(store) == []
    assert sorted(heir.found, key=str) == [(Kind.CALL, b"call"), (Kind.SESSION, b"session")]


def test_what_every_version_must_read_is_where_the_first_one_put_it(slab: Slab) -> None:
    """The pairs of a call go to nobody else, whoever cannot read the rest."""
    StateStore(slab).keep_session(b"r" * 16, (ESSENTIALS, b"state"))

    assert list(slab.values()) == [bytes([state_record.VERSION]) + FIRST_VERSION[1:]]
    assert read_record(b"\xff" + FIRST_VERSION[1:]) == StateRecord(
        255, Kind.SESSION, ESSENTIALS, b"state"
    )


def test_another_version_is_given_to_nobody(slab: Slab, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it says could be taken for something else."""
    store, heir = StateStore(slab), Heir()
    store.keep_call(b"one", b"call")
    store.keep_session(b"two", (ESSENTIALS, b"session"))
    ours = state_record.VERSION
    monkeypatch.setattr(state_record, "VERSION", ours + 1)
    store.keep_call(b"three", b"newer")

    unread = heir.take_over(store)
    assert heir.found == [(Kind.CALL, b"newer")]
    assert {(e.version, e.essentials) for e in unread} == {(ours, None), (ours, ESSENTIALS)}


def test_what_cannot_be_read_in_our_own_version_stops_nobody(slab: Slab) -> None:
    """A field was changed and the version was not: an error of ours, and no reason to die of it."""
    store, heir = StateStore(slab), Heir()
    store.keep_session(b"one", (ESSENTIALS, b"!"))
    store.keep_call(b"two", b"call")

    assert heir.take_over(store) == [
        StateRecord(state_record.VERSION, Kind.SESSION, ESSENTIALS, b"!")
    ]
    assert heir.found == [(Kind.CALL, b"call")]


def test_what_came_back_is_forgotten_by_its_mark(
    slab: Slab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its key is inside of what cannot be read."""
    store = StateStore(slab)
    store.keep_call(b"one", b"call")
    newer = state_record.VERSION + 1
    monkeypatch.setattr(state_record, "VERSION", newer)
    store.keep_call(b"two", b"call")
    unread = store.take_over(dict.fromkeys(Kind, lambda _: None))
    store.forget(mark for mark, _ in unread)

    assert [read_record(value).version for value in slab.values()] == [newer]


def test_a_call_for_which_there_is_no_memory_goes_on_without_it(slab: Slab) -> None:
    """It is lost if we are killed, and the log says so."""
    with capture_logs() as logs:
        StateStore(slab).keep_call(b"one", bytes((slab.free_cells + 1) * CELL_BYTES))

    assert [entry["event"] for entry in logs] == ["a live call is not kept for a restart"]
    assert list(slab.values()) == []


@given(value=st.binary(max_size=80) | st.binary().map(lambda tail: FIRST_VERSION[:9] + tail))
def test_any_bytes_are_taken_apart(value: bytes) -> None:
    """Memory that another program has written is no reason to die again and again."""
    assert read_record(value).version == (value[0] if value else 0)
