"""Ids by which others know a call: Session-ID, and those of vendors, in headers and metadata.

Pure. What is found is what staff and other systems search by. Knows nothing of recordings.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from archive.call.events import CallIdKind
from capture.metadata.snapshot import MetadataSnapshot
from capture.metadata.vendor_elements import within
from capture.metadata.xml_elements import Element
from capture.sip.message import Message

# Longer ones are no ids; each is a row of the index.
MAX_ID_CHARS: Final = 128
_NIL: Final = "0" * 32
_UUID: Final = re.compile(r"[0-9a-f]{32}")
# The whole value, or that of `remote`: another id may hold as many digits (RFC 7989 §5).
_SESSION_ID: Final = re.compile(r"(?:^|;remote=)([0-9a-f]{32})(?=;|$)")
_HEX: Final = re.compile(r"(?:[0-9a-f]{2})+")
# User-to-user information of Avaya: type 0xFA, 8 bytes of node, sequence and time.
_UCID_TYPE: Final = 0xFA
_UCID_BYTES: Final = 8
_GUID: Final = re.compile(r"(\d{1,10})-(\d{1,10})-(\d{1,10})-(\d{1,10})")
_ICID: Final = re.compile(r'icid-value="?([^";]+)"?', re.IGNORECASE)
_REFERENCE: Final = re.compile(rb"[;:]x-(?:nearend|farend)?refci=([^;>:\s]+)", re.IGNORECASE)
_END_GUID: Final = re.compile(r";x-(?:nearend|farend)guid=([0-9a-f]{32})\b")
_END_SESSION: Final = re.compile(r";x-sessionid=([0-9a-f]{32})\b")
# Header (lower case) → what it holds as it stands.
_PLAIN_HEADERS: Final[dict[bytes, CallIdKind]] = {
    b"x-genesys-calluuid": "genesys_uuid",
    b"x-callmgr-callid": "cisco_call",
    # Neither PBX sends them by itself; these are the names that dial plans give them.
    b"x-asterisk-linkedid": "asterisk_linkedid",
    b"x-asterisk-uniqueid": "asterisk_uniqueid",
    b"x-asterisk-unique-id": "asterisk_uniqueid",
    b"x-fs-uuid": "freeswitch_uuid",
    b"x-freeswitch-uuid": "freeswitch_uuid",
}
_UCID_HEADERS: Final = (
    b"user-to-user",
    b"x-oracle-ucid",
    b"x-ocsbc-ucid",
    b"p-ocsbc-ucid",
    b"x-ucid",
)
# Element of an extension (lower case, without prefix) → what it holds.
_PLAIN_ELEMENTS: Final[dict[str, CallIdKind]] = {
    "genesysuuid": "genesys_uuid",
    "gcid": "gcid",
    "callid": "call_id",
    "exttrackingid": "broadworks_tracking",
}
_UCID_ELEMENTS: Final = frozenset({"ucid", "avayaucid"})


class CallId(msgspec.Struct, frozen=True, order=True):
    """One id: what kind it is, and its value as it is searched for."""

    kind: CallIdKind
    value: str


def ids_in_headers(message: Message, also: Iterable[str] = ()) -> tuple[CallId, ...]:
    """The ids that a message bears, without repetition; `also` are headers that hold one each."""
    found: list[CallId] = []
    for value in message.values(b"session-id"):
        found += session_ids(_text(value))
    for name in _UCID_HEADERS:
        for value in message.values(name):
            found += ucids(_text(value))
    for value in message.values(b"cisco-guid"):
        found += _guids(_text(value))
    for value in message.values(b"p-charging-vector"):
        found += _plain("icid", _ICID.findall(_text(value)))
    found += _written(message, also)
    # Cisco's network-based recording names both of a call's dialogs in From.
    for value in message.values(b"from"):
        found += _plain("cisco_reference", map(_text, _REFERENCE.findall(value)))
        text = _text(value).lower()
        found += _plain("cisco_guid", _END_GUID.findall(text))
        found += _plain("session_id", _END_SESSION.findall(text))
    return tuple(dict.fromkeys(found))


def _written(message: Message, also: Iterable[str]) -> Iterator[CallId]:
    for name, kind in _PLAIN_HEADERS.items():
        yield from _plain(kind, map(_text, message.values(name)))
    for given in also:
        yield from _plain("call_id", map(_text, message.values(given.lower().encode())))


def ids_in_metadata(
    snapshot: MetadataSnapshot, call: str, extensions: Iterable[Element]
) -> tuple[CallId, ...]:
    """The ids of a communication session in a document and in its extensions, each once."""
    calls = [each for each in snapshot.sessions if each.session_id == call]
    found = [each for c in calls for text in c.sip_session_ids for each in _of_session(text)]
    found += [each for c in calls for each in ucids(c.session_id)]
    for extension in extensions:
        for element in within(extension):
            found += _in_element(element)
    return tuple(dict.fromkeys(found))


def _of_session(text: str) -> Iterator[CallId]:
    """A Session-ID, or what else a client puts in its place: OpenSIPS has the Call-ID there."""
    known = [*session_ids(text)]
    yield from known or _plain("call_id", [text.partition(";")[0]])


def session_ids(text: str) -> Iterator[CallId]:
    """Both UUIDs of a Session-ID (RFC 7989 §5), that which is nobody's left out."""
    for uuid in _SESSION_ID.findall(re.sub(r"\s", "", text).lower()):
        if uuid != _NIL:
            yield CallId("session_id", uuid)


def ucids(text: str) -> Iterator[CallId]:
    """A Universal Call ID as Avaya shows it, 20 digits; "" and what is none give nothing.

    It comes bare, as 16 hexadecimal digits, or in user-to-user information, which begins with its
    type or with a protocol discriminator before that.
    """
    word = text.partition(";")[0].strip().lower()
    if not _HEX.fullmatch(word) or len(word) > MAX_ID_CHARS:
        return
    data = bytes.fromhex(word)
    if len(data) == _UCID_BYTES:
        yield _ucid(data)
        return
    begin = 0 if data[0] == _UCID_TYPE else 1
    for kind, value in _units(data[begin:]):
        if kind == _UCID_TYPE and len(value) == _UCID_BYTES:
            yield _ucid(value)


def _units(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Type, length, value, as long as they fit."""
    at = 0
    while at + 2 <= len(data) and at + 2 + data[at + 1] <= len(data):
        yield data[at], data[at + 2 : at + 2 + data[at + 1]]
        at += 2 + data[at + 1]


def _ucid(data: bytes) -> CallId:
    node, sequence, time = (int.from_bytes(data[a:b], "big") for a, b in ((0, 2), (2, 4), (4, 8)))
    return CallId("ucid", f"{node:05}{sequence:05}{time:010}")


def _guids(text: str) -> Iterator[CallId]:
    """Four decimal numbers of 32 bits, as the 32 hexadecimal digits of a call detail record."""
    for words in _GUID.findall(text):
        numbers = [int(word) for word in words]
        if max(numbers) < 1 << 32:
            yield CallId("cisco_guid", "".join(f"{number:08x}" for number in numbers))


def _plain(kind: CallIdKind, texts: Iterable[str]) -> Iterator[CallId]:
    for text in texts:
        value = text.strip()
        if 0 < len(value) <= MAX_ID_CHARS:
            yield CallId(kind, value)


def _ucid_or_guid(text: str) -> Iterator[CallId]:
    """Oracle writes whichever the call bears into one element: 16 digits or 32."""
    word = text.strip().lower()
    if _UUID.fullmatch(word):
        yield CallId("cisco_guid", word)
    else:
        yield from ucids(word)


def _in_element(element: Element) -> Iterator[CallId]:
    name = element.name.lower()
    if name in _UCID_ELEMENTS:
        yield from _ucid_or_guid(element.text)
    elif name == "header" and element.attribute("label").lower() == "call-id":
        yield from _plain("call_id", [element.text])
    elif name in _PLAIN_ELEMENTS:
        yield from _plain(_PLAIN_ELEMENTS[name], [element.text])


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
