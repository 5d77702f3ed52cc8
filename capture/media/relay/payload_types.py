"""A header's second byte, as it comes from an end and as it goes on to the other.

Tables for the hot loop. Knows no call.
"""

from typing import Final

from capture.links.relay_messages import RelayedEnd
from capture.media.rtcp_mux import RTCP_TYPES

# Not passed on without a closer look.
LOOK: Final = -1
_MARKER: Final = 0x80


def kinds_of(wanted: RelayedEnd) -> tuple[list[int], list[int]]:
    """Second bytes as they come → as they go; the same with `LOOK` at keys and at RTCP."""
    mapped = dict(wanted.types)
    half = [mapped.get(kind, kind) for kind in range(_MARKER)]
    looked = half.copy()
    for kind in wanted.event_types:
        looked[kind] = LOOK
    if wanted.is_muxed:
        looked[RTCP_TYPES] = [LOOK] * (RTCP_TYPES.stop - RTCP_TYPES.start)
    sent, kinds = (
        kinds + [kind if kind == LOOK else kind | _MARKER for kind in kinds]
        for kinds in (half, looked)
    )
    return sent, kinds
