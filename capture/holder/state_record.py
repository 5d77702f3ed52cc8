"""Live state as it lies in the holder's memory: version, kind, and what every version can read.

Knows nothing of how a call or a session is encoded.
"""

import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

import msgspec
import structlog

from capture.errors import CaptureError
from capture.holder.slab import Slab, SlabFull

# One more wherever a predecessor's calls or sessions can no longer be read: a field was renamed,
# removed or changed its type. A new field with a default is read by both and needs no new version.
VERSION: Final = 3
# Version, kind, bytes of the essentials; then those, then the state. Never changed.
_HEAD: Final = struct.Struct("<BcH")

log = structlog.get_logger("capture.signalling")


class Kind(Enum):
    """Whose state a value is."""

    CALL = b"c"
    SESSION = b"s"
    INLINE = b"i"


class Essentials(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What must be known of a session by a version that cannot read it: its recordings, its pairs.

    Fields are never changed or removed, and new ones have defaults.
    """

    recording: bytes
    worker: int
    pairs: tuple[int, ...]
    created_us: int
    others: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class StateRecord:
    """One value taken apart; `essentials` are None for what is no session or makes no sense."""

    version: int
    kind: Kind | None
    essentials: Essentials | None
    state: bytes


class OtherVersion(CaptureError):
    """State that another version of us has kept."""


def read_record(value: bytes) -> StateRecord:
    """What a value says of itself, whichever version has written it; never raises."""
    if len(value) < _HEAD.size:
        return StateRecord(value[0] if value else 0, None, None, b"")
    version, kind, size = _HEAD.unpack_from(value)
    body = value[_HEAD.size :]
    try:
        said = msgspec.msgpack.decode(body[:size], type=Essentials) if size else None
        return StateRecord(version, Kind(kind), said, body[size:])
    except (ValueError, msgspec.MsgspecError):
        return StateRecord(version, None, None, b"")


class StateStore:
    """Calls and sessions in a slab, each under its own key."""

    def __init__(self, slab: Slab) -> None:
        self._slab = slab

    def keep_call(self, call_id: bytes, state: bytes | None) -> None:
        """Keep a call's SIP state, or forget it where it is over."""
        self._keep(Kind.CALL, call_id, None if state is None else (b"", state))

    def keep_session(self, session: bytes, state: tuple[Essentials, bytes] | None) -> None:
        """Keep a recording session's state, or forget it where it is over."""
        said = None if state is None else (msgspec.msgpack.encode(state[0]), state[1])
        self._keep(Kind.SESSION, session, said)

    def keep_inline(self, key: bytes, state: bytes | None) -> None:
        """Keep an inline call's state, or forget it where it is over."""
        self._keep(Kind.INLINE, key, None if state is None else (b"", state))

    def _keep(self, kind: Kind, name: bytes, value: tuple[bytes, bytes] | None) -> None:
        key = kind.value + name
        if value is None:
            self._slab.remove(key)
            return
        essentials, state = value
        try:
            head = _HEAD.pack(VERSION, kind.value, len(essentials))
            self._slab.put(key, head + essentials + state)
        except SlabFull:
            log.error("a live call is not kept for a restart")

    def forget(self, marks: Iterable[bytes]) -> None:
        """Forget what `take_over` gave back."""
        for mark in marks:
            self._slab.remove_marked(mark)

    def take_over(
        self, takers: Mapping[Kind, Callable[[list[bytes]], object]]
    ) -> list[tuple[bytes, StateRecord]]:
        """Give each value to who takes its kind; those that cannot be read come back, marked.

        A process that cannot read what its predecessor left must not die of it: its supervisor
        would start it again and again, and no call would be answered.
        """
        unread: list[tuple[bytes, StateRecord]] = []
        for mark, value in self._slab.marked():
            kept = read_record(value)
            try:
                if kept.version != VERSION or kept.kind is None:
                    raise OtherVersion("live state of another version")
                takers[kept.kind]([kept.state])
            except (OtherVersion, msgspec.MsgspecError):
                unread.append((mark, kept))
        return unread
