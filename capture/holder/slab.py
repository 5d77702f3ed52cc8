"""Values that outlive the process that writes them: a slab of cells in the holder's memory.

A value is written to free cells first and its entry flipped last, with one byte; whoever is killed
in between leaves the value that was there before. Knows nothing of what the values are.
"""

import hashlib
import mmap
import struct
from collections.abc import Iterator
from typing import Final

from capture.errors import CaptureError

CELL_BYTES: Final = 1024
ENTRIES: Final = 32_768
_NEXT: Final = struct.Struct("<I")
_ENTRY: Final = struct.Struct("<16sIIIIB31x")
_SLOT: Final = struct.Struct("<II")
_KEY_BYTES: Final = 16
_WHICH_AT: Final = 32
_PAYLOAD: Final = CELL_BYTES - _NEXT.size
_NONE: Final = 0xFFFFFFFF
_CELLS_AT: Final = ENTRIES * _ENTRY.size


class SlabFull(CaptureError):
    """No cell or no entry is left for another value."""


class Slab:
    """Values by key on the holder's memfd; one writer at a time."""

    def __init__(self, descriptor: int) -> None:
        self._map = mmap.mmap(descriptor, 0)
        self._cells = (len(self._map) - _CELLS_AT) // CELL_BYTES
        self._entries: dict[bytes, int] = {}
        self._chains: dict[int, list[int]] = {}
        used = self._read_entries()
        self._free = [cell for cell in range(self._cells - 1, -1, -1) if cell not in used]
        taken = set(self._entries.values())
        self._free_entries = [entry for entry in range(ENTRIES - 1, -1, -1) if entry not in taken]

    @property
    def free_cells(self) -> int:
        """How many cells no value uses."""
        return len(self._free)

    def put(self, key: bytes, value: bytes) -> None:
        """Keep `value` under `key`, in the place of what was there; raises `SlabFull`."""
        digest = _digest(key)
        count = max(1, -(-len(value) // _PAYLOAD))
        if count > len(self._free) or (digest not in self._entries and not self._free_entries):
            raise SlabFull("the memory of live calls is full")
        cells = [self._free.pop() for _ in range(count)]
        self._fill(cells, value)
        entry = self._entries.get(digest)
        if entry is None:
            entry = self._entries[digest] = self._free_entries.pop()
            self._map[entry * _ENTRY.size : entry * _ENTRY.size + _KEY_BYTES] = digest
        self._flip(entry, cells[0], len(value))
        self._free += self._chains.get(entry, [])
        self._chains[entry] = cells

    def remove(self, key: bytes) -> None:
        """Forget a key; one that is not there is no error."""
        self.remove_marked(_digest(key))

    def remove_marked(self, mark: bytes) -> None:
        """Forget the value of a mark; one that is not there is no error."""
        entry = self._entries.pop(mark, None)
        if entry is not None:
            self._map[entry * _ENTRY.size + _WHICH_AT] = 0
            self._free += self._chains.pop(entry, [])
            self._free_entries.append(entry)

    def values(self) -> Iterator[bytes]:
        return (value for _, value in self.marked())

    def marked(self) -> Iterator[tuple[bytes, bytes]]:
        """Every value that is kept, with a mark by which it can be forgotten without its key."""
        for mark, entry in list(self._entries.items()):
            _, _, size = self._current(entry)
            parts = [self._cell(cell) for cell in self._chains[entry]]
            yield mark, b"".join(parts)[:size]

    def _fill(self, cells: list[int], value: bytes) -> None:
        for index, cell in enumerate(cells):
            following = cells[index + 1] if index + 1 < len(cells) else _NONE
            at = _CELLS_AT + cell * CELL_BYTES
            piece = value[index * _PAYLOAD : (index + 1) * _PAYLOAD]
            self._map[at : at + _NEXT.size + len(piece)] = _NEXT.pack(following) + piece

    def _flip(self, entry: int, first: int, size: int) -> None:
        """Write the slot that is not in force, then put it in force with one byte."""
        at = entry * _ENTRY.size
        which = self._map[at + _WHICH_AT]
        other = 2 if which == 1 else 1
        slot = at + _KEY_BYTES + (other - 1) * _SLOT.size
        self._map[slot : slot + _SLOT.size] = _SLOT.pack(first, size)
        self._map[at + _WHICH_AT] = other

    def _current(self, entry: int) -> tuple[bytes, int, int]:
        key, *slots, which = _ENTRY.unpack_from(self._map, entry * _ENTRY.size)
        if which == 0:
            return key, _NONE, 0
        return key, slots[2 * (which - 1)], slots[2 * (which - 1) + 1]

    def _read_entries(self) -> set[int]:
        """Take over what a predecessor left; the cells that are in use."""
        used: set[int] = set()
        for entry in range(ENTRIES):
            key, cell, _ = self._current(entry)
            if cell == _NONE:
                continue
            self._entries[key] = entry
            chain = self._chains[entry] = []
            while cell != _NONE:
                chain.append(cell)
                (cell,) = _NEXT.unpack_from(self._map, _CELLS_AT + cell * CELL_BYTES)
            used.update(chain)
        return used

    def _cell(self, cell: int) -> bytes:
        at = _CELLS_AT + cell * CELL_BYTES + _NEXT.size
        return self._map[at : at + _PAYLOAD]


def _digest(key: bytes) -> bytes:
    return hashlib.blake2b(key, digest_size=_KEY_BYTES).digest()
