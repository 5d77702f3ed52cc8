"""Where we receive on one side of an inline call, and what we say there of ourselves.

A pure value.
"""

import msgspec

from capture.sdp.record_attribute import Indication


class MediaSeat(msgspec.Struct, frozen=True, kw_only=True):
    """Where we receive on one side: address, RTP port, our SRTP secret, the id of our `o=` line.

    `port_beside` is for one line that is no speech, 0: such lines are refused. `record` is what is
    said there of recording. `is_sealed`: whether what we offer there must be SRTP, or must not be;
    None: as the other side has it.
    """

    address: str
    port: int
    session_id: int
    secret: bytes = b""
    port_beside: int = 0
    record: Indication = Indication.NONE
    is_sealed: bool | None = None

    def __repr__(self) -> str:
        return f"MediaSeat({self.address}, {self.port})"
