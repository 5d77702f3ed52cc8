"""The SIP messages of a recording: drawn as a ladder, or written as a capture file.

Knows events and pcap. Knows nothing of files, keys or rights.
"""

import ipaddress
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, tzinfo
from typing import Final

from archive.call.events import SipMessage
from archive.call.sip_dialogs import dialogs, header
from archive.format.pcap import V4_MAPPED, Endpoint, exchanged, file_header

COLUMN: Final = 26
_ARROW_WIDTH: Final = 44
_LINE_END: Final = b"\r\n"


def ladder(messages: Iterable[SipMessage], zone: tzinfo = UTC) -> Iterator[str]:
    """Lines of text: time, who to whom, the first line of each message, what is in its body.

    Each dialog stands by itself; of several each has a head with its Call-ID and tags.
    """
    found = dialogs(messages)
    for dialog in found:
        if len(found) > 1:
            yield ""
            yield f"{dialog.call_id}  {' | '.join(dialog.tags)}".rstrip()
        yield from _drawn(dialog.messages, zone)


def _drawn(messages: Iterable[SipMessage], zone: tzinfo) -> Iterator[str]:
    before: tuple[str, str] | None = None
    for message in messages:
        ends = (message.remote, message.local)
        if ends != before:
            yield ""
            yield " " * COLUMN + f"{ends[0]:<{_ARROW_WIDTH}}{ends[1]} ({message.transport})"
            before = ends
        at = datetime.fromtimestamp(message.at_us / 1_000_000, zone)
        stamp = at.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
        yield f"{stamp:<{COLUMN}}{_arrow(message)}"


def _arrow(message: SipMessage) -> str:
    words = f" {_first_line(message.data)} "[: _ARROW_WIDTH - 4]
    rest = "-" * (_ARROW_WIDTH - 3 - len(words))
    kind = _content_type(message.data)
    line = f"|{words}{rest}>|" if message.is_received else f"|<{rest}{words}|"
    return f"{line}  {kind}" if kind else line


def _first_line(data: bytes) -> str:
    """Method, or status and reason, without the address that a request is sent to."""
    words = data.split(_LINE_END, 1)[0].decode("utf-8", "backslashreplace").split(" ")
    return " ".join(words[1:]) if words[0].startswith("SIP/") else words[0]


def _content_type(data: bytes) -> str:
    return header(data, b"content-type").split(b";")[0].strip().decode("utf-8", "backslashreplace")


def capture_file(messages: Iterable[SipMessage]) -> Iterator[bytes]:
    """The messages as UDP datagrams in a classic pcap, whatever carried them."""
    yield file_header()
    for message in messages:
        ends = _endpoint(message.remote), _endpoint(message.local)
        sender, receiver = ends if message.is_received else reversed(ends)
        yield exchanged(sender, receiver, message.data, message.at_us)


def _endpoint(shown: str) -> Endpoint:
    host, _, port = shown.rpartition(":")
    address = ipaddress.ip_address(host.strip("[]").partition("%")[0])
    packed = address.packed if address.version == 6 else V4_MAPPED + address.packed  # noqa: PLR2004
    return Endpoint(packed, int(port))
