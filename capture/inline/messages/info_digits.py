"""What an INFO says of keys, without an Info Package, as telephones and PBXs have long sent them.

Pure. Knows nothing of what a key does.
"""

from typing import Final

from capture.sip.message import Request

_RELAYED: Final = b"application/dtmf-relay"
_PLAIN: Final = b"application/dtmf"
_SIGNAL: Final = b"signal"
_DIGITS: Final = "0123456789*#ABCD"
# Some write them as the numbers of their RFC 4733 events.
_NUMBERED: Final = {"10": "*", "11": "#"}


def digit_in(request: Request) -> str:
    if request.value(b"info-package") is not None:
        return ""
    kind = (request.value(b"content-type") or b"").partition(b";")[0].strip().lower()
    if kind == _PLAIN:
        return _digit(request.body)
    return _digit(_signal(request.body)) if kind == _RELAYED else ""


def _signal(body: bytes) -> bytes:
    """The value of "Signal= 5"."""
    for line in body.splitlines():
        name, equals, value = line.partition(b"=")
        if equals and name.strip().lower() == _SIGNAL:
            return value
    return b""


def _digit(value: bytes) -> str:
    said = value.strip().decode("latin-1").upper()
    digit = _NUMBERED.get(said, said)
    return digit if len(digit) == 1 and digit in _DIGITS else ""
