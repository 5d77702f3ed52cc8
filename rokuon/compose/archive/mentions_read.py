"""What the documents and messages of a recording of before mention, read by the rules of today.

Pure: capture has the rules, the archive the events; neither knows the other. Knows nothing of
files, keys or rows.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from archive.call.events import (
    CallOpened,
    CommunicationSessionKnown,
    Event,
    Mentioned,
    MetadataReceived,
    SipMessage,
)
from archive.call.mentions import READ_FORM, Mention
from capture.errors import PeerBrokeProtocol
from capture.metadata.body_limits import MetadataBroken
from capture.metadata.header_mentions import told_by_callee, told_by_recorder, told_by_request
from capture.metadata.mentions import distinct, mentions_in
from capture.metadata.partial_update import merge
from capture.metadata.snapshot import MetadataSnapshot
from capture.metadata.snapshot_reader import parse_metadata
from capture.metadata.vendor_elements import extensions_of
from capture.raw_text import text_of
from capture.sip.message import Message, Request, Response
from capture.sip.parser import split_message

_ACCEPTED: Final = range(200, 300)
_DESCRIBING: Final = frozenset({b"INVITE", b"UPDATE", b"PRACK"})


def read_anew(told: Sequence[Event]) -> Mentioned | None:
    """What the events of a recording, in their order, mention; None where capture has read it.

    None too of one whose begin is not known, and of a page of the ledger.
    """
    opened = next((each for each in told if isinstance(each, CallOpened)), None)
    forms = [each.form for each in told if isinstance(each, Mentioned)]
    if opened is None or READ_FORM in forms:
        return None
    found = distinct((*_in_messages(told, opened), *_in_documents(told, opened)))
    return Mentioned(at_us=opened.at_us, mentions=found, by="read_anew")


def _in_documents(told: Iterable[Event], opened: CallOpened) -> Iterator[Mention]:
    call, zone = _call_of(told), ZoneInfo(opened.zone)
    known: MetadataSnapshot | None = None
    for event in told:
        if isinstance(event, MetadataReceived):
            try:
                following = parse_metadata(event.body, zone=zone)
            except MetadataBroken:
                continue
            known = following if known is None else merge(known, following)
            yield from mentions_in(extensions_of(known, call))


def _call_of(told: Iterable[Event]) -> str:
    """The communication session that the recording is of, by the last word on it."""
    known = [each for each in told if isinstance(each, CommunicationSessionKnown)]
    return known[-1].communication_session if known else ""


def _in_messages(told: Iterable[Event], opened: CallOpened) -> Iterator[Mention]:
    for event in told:
        if isinstance(event, SipMessage) and event.is_received:
            try:
                yield from _in_message(split_message(event.data), opened)
            except PeerBrokeProtocol:
                continue


def _in_message(message: Message, opened: CallOpened) -> tuple[Mention, ...]:
    """Of a request of its client; of an inline call's INVITE and what it was answered with."""
    match message:
        case Request() if text_of(message.call_id) != opened.call_id:
            return ()
        case Request() if opened.mode != "inline":
            return told_by_recorder(message) if message.method in _DESCRIBING else ()
        case Request():
            is_first = message.method == b"INVITE" and not message.has_to_tag
            return told_by_request(message) if is_first else ()
        case Response() if opened.mode == "inline" and message.status in _ACCEPTED:
            return told_by_callee(message) if message.cseq.method == b"INVITE" else ()
        case _:
            return ()
