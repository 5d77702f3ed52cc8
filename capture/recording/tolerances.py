"""What a peer does otherwise than the RFCs say, by code (docs/siprec.md has the table).

Of any SIP message (RFC 3261). Knows nothing of sessions, nor of what clients of SIPREC do.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from capture.sip.message import Deviation, Message

# What the SIP layer reads as it is meant; a strict source never comes so far.
_DEVIATIONS: Final = {
    Deviation.UNCLOSED_ADDRESS: "TOL-016",
    Deviation.LOWER_CSEQ: "TOL-017",
    Deviation.OTHER_METHOD: "TOL-018",
    Deviation.NO_TO_TAG: "TOL-019",
}


class Tolerance(NamedTuple):
    """A code of docs/siprec.md, and what it was about (no name, no number)."""

    code: str
    detail: str = ""


def in_message(message: Message) -> Iterator[Tolerance]:
    """Of any message of a call (RFC 3261): what the SIP layer had to put right or pass over."""
    for deviation in message.deviations:
        yield Tolerance(_DEVIATIONS[deviation], message.cseq.method.decode("ascii", "replace"))
