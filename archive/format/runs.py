"""Whole frames of opened plaintext, their heads as columns: no object and no copy per frame.

Pure. Knows heads and how they lie over segments. Knows nothing of keys, files or payloads.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive.format.frames import HEAD_BYTES, HEAD_DTYPE, HEAD_LEAD, KINDS, Frame, FrameKind
from archive.format.header import PLAIN_BYTES


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FrameRun:
    """Frames in file order, one array entry each, shape (n,); padding is left out.

    `positions`: plaintext offsets of the heads. A payload is the `sizes` bytes of `data` from
    `begins` on; `data` holds other bytes as well.
    """

    data: bytes
    positions: NDArray[np.int64]
    kinds: NDArray[np.uint8]
    flags: NDArray[np.int64]
    streams: NDArray[np.int64]
    at_us: NDArray[np.uint64]
    serials: NDArray[np.uint64]
    begins: NDArray[np.int64]
    sizes: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.positions)

    @property
    def stop(self) -> int:
        """Plaintext offset behind the last frame."""
        return int(self.positions[-1] + HEAD_BYTES + self.sizes[-1])

    def pick(self, which: NDArray[np.bool_] | slice) -> "FrameRun":
        """The frames that a mask or a slice names."""
        columns = {f.name: getattr(self, f.name)[which] for f in fields(self) if f.name != "data"}
        return FrameRun(data=self.data, **columns)

    def frame(self, index: int) -> Frame:
        begin = int(self.begins[index])
        return Frame(
            kind=KINDS[int(self.kinds[index])],
            flags=int(self.flags[index]),
            stream=int(self.streams[index]),
            at_us=int(self.at_us[index]),
            serial=int(self.serials[index]),
            payload=self.data[begin : begin + int(self.sizes[index])],
            position=int(self.positions[index]),
        )

    def frames(self) -> Iterator[Frame]:
        rows = zip(
            self.kinds.tolist(),
            self.flags.tolist(),
            self.streams.tolist(),
            self.at_us.tolist(),
            self.serials.tolist(),
            self.begins.tolist(),
            (self.begins + self.sizes).tolist(),
            self.positions.tolist(),
            strict=True,
        )
        for kind, flags, stream, at_us, serial, begin, end, position in rows:
            payload = self.data[begin:end]
            yield Frame(KINDS[kind], flags, stream, at_us, serial, payload, position)


def run_of(frames: Sequence[Frame]) -> FrameRun:
    sizes = np.array([len(frame.payload) for frame in frames], np.int64)
    return FrameRun(
        data=b"".join([frame.payload for frame in frames]),
        positions=np.array([frame.position for frame in frames], np.int64),
        kinds=np.array([frame.kind for frame in frames], np.uint8),
        flags=np.array([frame.flags for frame in frames], np.int64),
        streams=np.array([frame.stream for frame in frames], np.int64),
        at_us=np.array([frame.at_us for frame in frames], np.uint64),
        serials=np.array([frame.serial for frame in frames], np.uint64),
        begins=np.cumsum(sizes) - sizes,
        sizes=sizes,
    )


def find_frames(sync: bytes, plain: bytes, at: int, position: int) -> tuple[FrameRun, int]:
    """The frames from the head at `plain[at]` on that lie in it whole, and where they end there.

    `position`: plaintext offset of `plain[0]`, where a segment begins. Stops before whatever is
    special: no head, a kind that is not known, a frame that another one's head overtakes.
    """
    places = _heads(sync, plain, at)
    heads = _at(plain, places)
    stops = places + HEAD_BYTES + heads["size"]
    inner = _heads_within(sync, plain, at, places)
    good = int(np.searchsorted(stops, inner[0], side="right")) if inner.size else len(places)
    behind = int(stops[good - 1]) if good else at
    own = heads[:good]
    # Functions, not operators: of those, the fuzzer keeps every array (atheris 3.0).
    which = np.flatnonzero(np.not_equal(own["kind"], FrameKind.PAD))
    own, places = own[which], places[which]
    run = FrameRun(
        data=plain,
        positions=places + position,
        kinds=own["kind"],
        flags=own["flags"].astype(np.int64),
        streams=own["stream"].astype(np.int64),
        at_us=own["at_us"].astype(np.uint64),
        serials=own["serial"].astype(np.uint64),
        begins=places + HEAD_BYTES,
        sizes=own["size"].astype(np.int64),
    )
    return run, behind


def _heads(sync: bytes, plain: bytes, at: int) -> NDArray[np.int64]:
    """Places of heads that lead from one to the next; one loop without a call to save."""
    found, last, unpack = list[int](), len(plain) - HEAD_BYTES, HEAD_LEAD.unpack_from
    while at <= last:
        word, kind, size = unpack(plain, at)
        end = at + HEAD_BYTES + size
        if word != sync or kind not in KINDS or end > len(plain):
            break
        found.append(at)
        left = -end % PLAIN_BYTES
        at = end + left if left < HEAD_BYTES else end
    return np.array(found, np.int64)


def _at(plain: bytes, places: NDArray[np.int64]) -> NDArray[Any]:
    size = max(len(plain) - HEAD_BYTES + 1, 0)
    return np.ndarray((size,), HEAD_DTYPE, plain, strides=(1,))[places]


def _heads_within(
    sync: bytes, plain: bytes, at: int, places: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Where segments behind `at` begin with a sync word that is no head of those found.

    That is what follows a frame which its killed writer left unfinished.
    """
    starts = np.arange(0, len(plain) - len(sync) + 1, PLAIN_BYTES)
    words = np.ndarray((len(starts), len(sync)), np.uint8, plain, strides=(PLAIN_BYTES, 1))
    hits = starts[np.equal(words, np.frombuffer(sync, np.uint8)).all(axis=1)]
    return np.setdiff1d(hits[np.greater(hits, at)], places)
