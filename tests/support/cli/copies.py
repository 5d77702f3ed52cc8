"""What tests of copies share."""

from archive.call.events import CallRefused, SipMessage
from archive.catalog.database.engine import reading
from rokuon.compose.archive.catalog import open_catalog
from tests.archive.reading.scenes import START_US
from tests.rokuon.installation import Installation
from tests.told import all_told


def actions(site: Installation) -> list[str]:
    """What the journal tells."""
    with reading(open_catalog(site.config)) as connection:
        return [line.entry.action for line in all_told(connection)]


def said(call_id: str) -> SipMessage:
    return SipMessage(
        at_us=START_US, is_received=True, transport="udp", local="192.0.2.9:5060",
        remote="192.0.2.1:5060",
        data=f"INVITE sip:s SIP/2.0\r\nFrom: <sip:a>;tag=a\r\nCall-ID: {call_id}\r\n\r\n".encode(),
    )  # fmt: skip


def refused(call_id: str) -> CallRefused:
    return CallRefused(
        at_us=START_US, source="loopback", transport="udp", peer="192.0.2.1", call_id=call_id,
        from_value="<sip:a>;tag=a", to_value="<sip:s>", status=404, reason="no recording session",
    )  # fmt: skip
