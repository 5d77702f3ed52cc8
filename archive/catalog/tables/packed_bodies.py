"""The events of a recording as one cell: what stands in `packed_events.body`.

Form 1: a JSON list of the serials and, a line each, the events' own JSON, as a zlib stream (RFC
1950) under the dictionary `events_1.zdict`: a line of each kind of event with what stands in most,
the commonest last. A dictionary that was used once never changes; a better one is another form.
Pure.
"""

import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

FORM: Final = 1
_DICTIONARY: Final = Path(__file__).with_name(f"events_{FORM}.zdict").read_bytes()
_SERIALS: Final = msgspec.json.Decoder(list[int])


class NotPacked(Exception):
    """A cell that was not written by `pack`, or by one of a later version."""


def pack(bodies: Mapping[int, bytes]) -> bytes:
    """Write bodies with their serials; a line break, which no event of ours has, as a space."""
    serials = msgspec.json.encode(list(bodies))
    deflater = zlib.compressobj(zdict=_DICTIONARY)
    lines = (body.replace(b"\n", b" ") for body in bodies.values())
    return deflater.compress(b"\n".join((serials, *lines))) + deflater.flush()


def unpack(form: int, packed: bytes) -> dict[int, bytes]:
    """Read what `pack` wrote; raises `NotPacked`."""
    if form != FORM:
        raise NotPacked(f"no form {FORM}")
    try:
        inflater = zlib.decompressobj(zdict=_DICTIONARY)
        first, *bodies = inflater.decompress(packed).split(b"\n")
        if not inflater.eof:
            raise NotPacked("cut off")
        return dict(zip(_SERIALS.decode(first), bodies, strict=True))
    except (zlib.error, msgspec.DecodeError, ValueError) as failed:
        raise NotPacked(str(failed)) from None
