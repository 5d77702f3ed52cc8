"""What tests of relaying share."""

from capture.links.relay_messages import Latch, Place, Playing, RelayedEnd

END = RelayedEnd(
    pair=4,
    places=(Place("192.0.2.1", 4000),),
    reports_to=Place("192.0.2.1", 4001),
    latch=Latch.NAT,
    ssrc=1,
    first_sequence=2,
    first_timestamp=3,
    types=((0, 8),),
    keys=("1 AES_CM_128_HMAC_SHA1_80 inline:x",),
    playing=Playing(serial=1, prompt="notice.PCMU", payload_type=0, opens=True),
)
