"""What tests of traces share."""

from archive.call.events import SipMessage
from tests.archive.catalog.examples import STARTED_US

SAID = SipMessage(
    at_us=STARTED_US, is_received=True, transport="udp", local="192.0.2.9:5060",
    remote="192.0.2.1:5060", data=b"OPTIONS sip:s SIP/2.0\r\n\r\n",
)  # fmt: skip
