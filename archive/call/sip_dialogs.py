"""Kept SIP messages by dialog.

Reads a few headers of what signalling took. Knows nothing of files or of how they are drawn.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from archive.call.events import SipMessage

_LINE_END: Final = b"\r\n"
_TAG: Final = re.compile(rb"(?i);\s*tag\s*=\s*([^;,\s>]+)")
# RFC 3261 §7.3.3.
_COMPACT: Final = {
    b"i": b"call-id",
    b"f": b"from",
    b"t": b"to",
    b"v": b"via",
    b"c": b"content-type",
}


@dataclass(frozen=True, slots=True)
class Dialog:
    """A dialog's messages in order; `tags` are both sides', the one who called first."""

    call_id: str
    tags: tuple[str, ...]
    messages: list[SipMessage] = field(default_factory=list)


def header(data: bytes, name: bytes) -> bytes:
    """The first value of a header (lower case, long form), b"" where there is none."""
    for line in data.partition(2 * _LINE_END)[0].split(_LINE_END)[1:]:
        found, _, value = line.partition(b":")
        found = found.strip().lower()
        if _COMPACT.get(found, found) == name:
            return value.strip()
    return b""


def call_id_of(message: SipMessage) -> str:
    """The Call-ID of a message, as the ledger writes it."""
    return _shown(header(message.data, b"call-id"))


def dialogs(messages: Iterable[SipMessage]) -> list[Dialog]:
    """The dialogs in the order in which they began.

    What has one tag yet (an INVITE, its 100) belongs to the dialog that comes of it.
    """
    found: list[Dialog] = []
    for message in messages:
        call_id, tags = call_id_of(message), _tags_of(message)
        number = next(
            (n for n, each in enumerate(found) if each.call_id == call_id and _meet(each, tags)),
            None,
        )
        if number is None:
            found.append(Dialog(call_id, tags, [message]))
            continue
        known = found[number]
        known.messages.append(message)
        if len(tags) > len(known.tags):
            found[number] = Dialog(
                call_id, (*known.tags, *_others(tags, known.tags)), known.messages
            )
    return found


def _meet(dialog: Dialog, tags: tuple[str, ...]) -> bool:
    """Are these tags of one dialog, whoever of the two speaks?"""
    smaller, larger = sorted((set(dialog.tags), set(tags)), key=len)
    return smaller <= larger


def _others(tags: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(tag for tag in tags if tag not in known)


def _tags_of(message: SipMessage) -> tuple[str, ...]:
    found = (_TAG.search(header(message.data, name)) for name in (b"from", b"to"))
    return tuple(_shown(each[1]) for each in found if each is not None)


def _shown(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")
