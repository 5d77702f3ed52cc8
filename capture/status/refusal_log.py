"""Log lines of calls without a recording, refused or not: which, and why. No name, no number.

Knows the events of the ledger. Knows nothing of how a call is refused.
"""

import re
from collections import deque
from typing import Final

import structlog

from archive.call.events import CallRefused
from archive.call.refusal_reasons import fate_of

MASK: Final = "***"
# Numbers that agree in so many digits at the end are written in two ways.
SAME_DIGITS: Final = 7
_DIGITS: Final = re.compile(r"\d{5,}")
# Ports and tags of From and To.
_NO_NUMBER: Final = re.compile(r"(?i)(?<!tel):\d{1,5}(?=[>;?\s]|$)|;\s*tag\s*=[^;]*")
# What stands between the digits of a number that people are to read (RFC 3966 §5.1.1).
_SEPARATORS: Final = re.compile(r"(?<=\d)[-.()]+(?=\d)")
# Who withholds his number (RFC 3323 §4.1.1.3) may have a client that writes it into the Call-ID.
_WITHHELD: Final = "anonymous"

log = structlog.get_logger("capture.signalling")


def write_refusals(unlogged: deque[CallRefused]) -> None:
    """Write what no line tells of yet. How many lines that may be is the log's business."""
    while unlogged:
        _write(unlogged.popleft())


def _write(refused: CallRefused) -> None:
    log.warning(
        f"call {fate_of(refused.status, refused.reason)}",
        source=refused.source,
        peer=refused.peer,
        call_id=call_id_of(refused),
        status=refused.status,
        reason=refused.reason,
        detail=refused.detail,
        clause=refused.clause,
        header=refused.header,
    )


def call_id_of(refused: CallRefused) -> str:
    """The Call-ID; where a client puts a party's number into it, that part is masked.

    Of who withholds his number nobody can tell which part that is.
    """
    if _WITHHELD in refused.from_value.lower():
        return _DIGITS.sub(MASK, refused.call_id)
    told = _NO_NUMBER.sub("", f"{refused.from_value} {refused.to_value}")
    parties = _DIGITS.findall(_SEPARATORS.sub("", told))
    ends = {number[-SAME_DIGITS:] for number in parties}
    return _DIGITS.sub(
        lambda m: MASK if any(end in m[0] for end in ends) else m[0], refused.call_id
    )
