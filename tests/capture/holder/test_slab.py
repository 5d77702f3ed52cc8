"""Values that outlive the process that writes them."""

import mmap
import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from capture.admission.capacity_gauge import CELLS_A_CALL
from capture.holder import slab as slabs
from capture.holder.server import CALLS_BYTES
from capture.holder.slab import CELL_BYTES, ENTRIES, Slab, SlabFull

CELLS = 12
FEW = 64
ENTRY_BYTES = 64
PAYLOAD_BYTES = CELL_BYTES - 4


class Killed(Exception):
    """The process is gone in the middle of a store."""


class DyingMemory(mmap.mmap):
    """The holder's memory as a process sees it that is killed after `left` more bytes."""

    left = 0

    def __setitem__(self, where: Any, what: Any) -> None:
        start = where if isinstance(where, int) else where.start
        value = bytes([what]) if isinstance(where, int) else bytes(what)
        written = value[: self.left]
        super().__setitem__(slice(start, start + len(written)), written)
        self.left -= len(written)
        if len(written) < len(value):
            raise Killed


@pytest.fixture(autouse=True, scope="module")
def few_entries() -> Iterator[None]:
    """A small slab: each of the many successors here reads all entries."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slabs, "ENTRIES", FEW)
        patch.setattr(slabs, "_CELLS_AT", FEW * ENTRY_BYTES)
        yield


def memory(cells: int = CELLS) -> int:
    """A memfd with room for so many cells."""
    descriptor = os.memfd_create("calls", os.MFD_CLOEXEC)
    os.ftruncate(descriptor, FEW * ENTRY_BYTES + cells * CELL_BYTES)
    return descriptor


def test_the_real_slab_has_room_for_a_nodes_calls() -> None:
    """Its layout with all entries, as the holder makes it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slabs, "ENTRIES", ENTRIES)
        patch.setattr(slabs, "_CELLS_AT", ENTRIES * ENTRY_BYTES)
        descriptor = os.memfd_create("calls", os.MFD_CLOEXEC)
        os.ftruncate(descriptor, CALLS_BYTES)
        slab = Slab(descriptor)
        slab.put(b"a", b"value")

        assert slab.free_cells > 5_000 * CELLS_A_CALL // 2
        assert list(Slab(descriptor).values()) == [b"value"]
        os.close(descriptor)


@pytest.fixture
def shared() -> Iterator[int]:
    """The holder's side."""
    descriptor = memory()
    yield descriptor
    os.close(descriptor)


def dying(descriptor: int, left: int) -> Slab:
    """A slab whose process will be killed after `left` more bytes."""
    slab = Slab(descriptor)
    mortal = DyingMemory(descriptor, 0)
    mortal.left = left
    slab._map = mortal
    return slab


def test_a_successor_finds_what_was_kept(shared: int) -> None:
    """The last value of each key, and nothing of what was removed."""
    first = Slab(shared)
    first.put(b"a", b"old")
    first.put(b"a", b"new")
    first.put(b"b", b"")
    first.put(b"c", b"gone")
    first.remove(b"c")
    first.remove(b"never there")

    assert sorted(Slab(shared).values()) == [b"", b"new"]
    assert Slab(shared).free_cells == first.free_cells == CELLS - 2


@pytest.mark.parametrize("size", [1, PAYLOAD_BYTES, PAYLOAD_BYTES + 1, 3 * PAYLOAD_BYTES + 7])
def test_a_value_may_need_many_cells(shared: int, size: int) -> None:
    """A call with a long history."""
    value = os.urandom(size)
    Slab(shared).put(b"a", value)

    assert list(Slab(shared).values()) == [value]


def test_a_full_slab_keeps_what_it_has(shared: int) -> None:
    """Also the old value of the key for whose new one there is no room."""
    slab = Slab(shared)
    slab.put(b"a", b"small")
    slab.put(b"b", bytes((CELLS - 2) * PAYLOAD_BYTES))
    with pytest.raises(SlabFull):
        slab.put(b"a", bytes(2 * PAYLOAD_BYTES))
    with pytest.raises(SlabFull):
        slab.put(b"c", bytes(2 * PAYLOAD_BYTES))

    assert b"small" in list(Slab(shared).values())
    slab.remove(b"b")
    slab.put(b"a", bytes(2 * PAYLOAD_BYTES))
    assert list(Slab(shared).values()) == [bytes(2 * PAYLOAD_BYTES)]


def test_a_slab_without_a_free_entry_replaces_and_takes_no_more(
    shared: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Entries run out as cells do."""
    monkeypatch.setattr(slabs, "ENTRIES", 2)
    slab = Slab(shared)
    slab.put(b"a", b"1")
    slab.put(b"b", b"2")
    with pytest.raises(SlabFull):
        slab.put(b"c", b"3")
    slab.put(b"a", b"4")

    assert sorted(slab.values()) == [b"2", b"4"]


def test_cells_are_used_again_also_after_a_restart(shared: int) -> None:
    """A call changes more often than there are cells."""
    for number in range(5 * CELLS):
        Slab(shared).put(b"a", b"%d" % number)

    assert list(Slab(shared).values()) == [b"%d" % (5 * CELLS - 1)]
    assert Slab(shared).free_cells == CELLS - 1


def test_a_value_can_be_forgotten_by_its_mark(shared: int) -> None:
    """A successor that cannot read a value does not know its key."""
    Slab(shared).put(b"a", b"first")
    Slab(shared).put(b"b", b"second")
    successor = Slab(shared)
    marks = {value: mark for mark, value in successor.marked()}
    successor.remove_marked(marks[b"first"])
    successor.remove_marked(b"never there")

    assert list(Slab(shared).values()) == [b"second"]
    assert successor.free_cells == CELLS - 1


def test_killed_at_any_byte_of_a_change_the_old_or_the_new_value_is_there(shared: int) -> None:
    """Every place to be killed at, one after the other."""
    old, new = b"o" * (PAYLOAD_BYTES + 9), b"n" * (PAYLOAD_BYTES + 5)
    total = len(new) + 2 * 4 + 8 + 1
    seen: set[bytes] = set()
    for left in range(total):
        Slab(shared).put(b"a", old)
        with pytest.raises(Killed):
            dying(shared, left).put(b"a", new)
        seen.update(Slab(shared).values())
    dying(shared, total).put(b"a", new)

    assert seen == {old}
    assert list(Slab(shared).values()) == [new]


KEYS = st.sampled_from([b"a", b"b", b"c", b"d"])
SIZES = st.sampled_from([0, 1, 5, PAYLOAD_BYTES - 1, PAYLOAD_BYTES, 2 * PAYLOAD_BYTES])


class LivesAndDeaths(RuleBasedStateMachine):
    """Writers one after another on one memory; each value begins with its key."""

    def __init__(self) -> None:
        super().__init__()
        self.descriptor = memory()
        self.slab = Slab(self.descriptor)
        self.model: dict[bytes, bytes] = {}
        self.count = 0

    def teardown(self) -> None:
        os.close(self.descriptor)

    def _value(self, key: bytes, size: int) -> bytes:
        self.count += 1
        return (key + b"%d." % self.count).ljust(size, b"x")

    def _found(self) -> dict[bytes, bytes]:
        return {value[:1]: value for value in self.slab.values()}

    @rule(key=KEYS, size=SIZES)
    def put(self, key: bytes, size: int) -> None:
        value = self._value(key, size)
        try:
            self.slab.put(key, value)
        except SlabFull:
            return
        self.model[key] = value

    @rule(key=KEYS)
    def remove(self, key: bytes) -> None:
        self.slab.remove(key)
        self.model.pop(key, None)

    @rule()
    def replaced(self) -> None:
        free = self.slab.free_cells
        self.slab = Slab(self.descriptor)
        assert self.slab.free_cells == free

    @rule(key=KEYS, size=SIZES, left=st.integers(0, 2 * PAYLOAD_BYTES + 64))
    def killed_while_putting(self, key: bytes, size: int, left: int) -> None:
        value = self._value(key, size)
        try:
            dying(self.descriptor, left).put(key, value)
        except SlabFull:
            value = self.model.get(key, b"")
        except Killed:
            pass
        self.slab = Slab(self.descriptor)
        found = self._found().get(key)
        assert found in (value or None, self.model.get(key))
        if found is not None:
            self.model[key] = found

    @rule(key=KEYS, left=st.integers(0, 1))
    def killed_while_removing(self, key: bytes, left: int) -> None:
        try:
            dying(self.descriptor, left).remove(key)
        except Killed:
            pass
        else:
            self.model.pop(key, None)
        self.slab = Slab(self.descriptor)

    @invariant()
    def holds_what_was_kept(self) -> None:
        assert self._found() == self.model
        assert len(list(self.slab.values())) == len(self.model)


LivesAndDeaths.TestCase.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
TestLivesAndDeaths = LivesAndDeaths.TestCase
