"""Packed events as whoever has the database's file reads them, and puts others there.

Finds what is packed by the mark of its dictionary (RFC 1950 §2.2). Knows nothing of our reader.
"""

import json
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from archive.catalog.tables import packed_bodies
from archive.catalog.tables.catalog import packed_events

_DICTIONARY: Final = Path(packed_bodies.__file__).with_name("events_1.zdict").read_bytes()
_HEAD: Final = re.compile(re.escape(b"\x78\xbb" + zlib.adler32(_DICTIONARY).to_bytes(4, "big")))
Bodies = dict[int, bytes]


def unpacked(content: bytes) -> bytes:
    """What all packed cells in it say, whole or as far as they are there."""
    return b"\n".join(_inflated(content[each.start() :]) for each in _HEAD.finditer(content))


def _inflated(content: bytes) -> bytes:
    return b"".join(_pieces(content))


def _pieces(content: bytes) -> Iterator[bytes]:
    """Byte by byte: what lies behind a piece may be something else."""
    inflater = zlib.decompressobj(zdict=_DICTIONARY)
    for at in range(len(content)):
        try:
            yield inflater.decompress(content[at : at + 1])
        except zlib.error:
            return
        if inflater.eof:
            return


def bodies_in(cell: bytes) -> Bodies:
    """The events of one cell."""
    first, *bodies = unpacked(cell).split(b"\n")
    return dict(zip(json.loads(first), bodies, strict=True))


def cell_of(bodies: Bodies) -> bytes:
    """A cell that says this."""
    deflater = zlib.compressobj(zdict=_DICTIONARY)
    lines = (json.dumps(list(bodies)).encode(), *bodies.values())
    return deflater.compress(b"\n".join(lines)) + deflater.flush()


def change_events(
    connection: Connection, change: Callable[[Bodies], Bodies], row: int | None = None
) -> None:
    """Have the index say something else of what happened in a recording, or in all."""
    for each in connection.execute(select(packed_events)).all():
        if row in (None, each.recording):
            connection.execute(delete(packed_events).where(packed_events.c.row == each.row))
            cells = {**each._mapping, "body": cell_of(change(bodies_in(each.body)))}
            connection.execute(insert(packed_events).values(cells))
