"""What a recording client does otherwise than the RFCs say, and what a strict source is answered.

Rules over one message each (RFC 7865, RFC 7866; docs/siprec.md has the table). Knows nothing of
sessions.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from capture.metadata.message_bodies import Bodies
from capture.metadata.snapshot import DataMode, MetadataSnapshot, moments_of
from capture.metadata.stream_parties import senders
from capture.recording.message_faults import SDP, UNSIGNED, Fault
from capture.recording.tolerances import Tolerance
from capture.sdp.acceptance import is_usable
from capture.sdp.description import Direction, SessionDescription
from capture.sip.message import Request
from capture.siprec.recording_request import CLIENT_TAGS, OPTION

_OFFSET: Final = re.compile(r"(?:[Zz]|[+-]\d\d:?\d\d)$")
# Base64 of the 16 bytes of a UUID (RFC 7865 §6.10).
_ID: Final = re.compile(r"[A-Za-z0-9+/]{22}==")
# What a strict source is answered; the others are no reason to refuse a call.
STRICT_ANSWERS: Final = {
    "TOL-001": 404, "TOL-002": 404, "TOL-004": 400, "TOL-005": 400, "TOL-006": 488,
    "TOL-013": 400, "TOL-014": 400,
}  # fmt: skip
# Where it stands what a strict source is refused for.
STRICT_FAULTS: Final = {
    "TOL-001": Fault("RFC 7866 §6.1.1", "Require"),
    "TOL-002": UNSIGNED,
    "TOL-004": Fault("RFC 7865 §5.1.1", "Content-Type"),
    "TOL-005": Fault("RFC 7865 §5.1", "Content-Type"),
    "TOL-006": Fault("RFC 7866 §7.1.1", SDP),
    "TOL-013": Fault("RFC 3261 §7.4.1", "Content-Type"),
    "TOL-014": Fault("RFC 8866 §5", SDP),
}


def in_invite(request: Request, bodies: Bodies) -> Iterator[Tolerance]:
    """Of the INVITE that begins a recording session (RFC 7866 §6.1.1, §9.1)."""
    if OPTION not in request.require:
        yield Tolerance("TOL-001")
    contact = request.contact
    if contact is None or contact.param(CLIENT_TAGS[0]) is None:
        yield Tolerance("TOL-002")
    if bodies.metadata is None:
        yield Tolerance("TOL-003")
    if request.body and not request.value(b"content-type"):
        yield Tolerance("TOL-013")


def in_offer(offer: SessionDescription) -> Iterator[Tolerance]:
    """Of an offer's m-lines (RFC 7866 §7.1.1), and of what could not be read (RFC 8866 §5)."""
    for fault in offer.faults:
        yield Tolerance("TOL-014", fault)
    for position, media in enumerate(offer.media):
        if not is_usable(media):
            continue
        if not media.label:
            yield Tolerance("TOL-006", f"m-line {position}")
        if media.direction in {Direction.SENDRECV, Direction.RECVONLY}:
            yield Tolerance("TOL-008", f"m-line {position} is {media.direction}")


def in_document(document: MetadataSnapshot, *, is_first: bool) -> Iterator[Tolerance]:
    """Of a metadata document that could be read (RFC 7865 §5, §6, §9)."""
    if not document.is_standard:
        yield Tolerance("TOL-004")
    if is_first and document.data_mode is DataMode.PARTIAL:
        yield Tolerance("TOL-009")
    if any(not _ID.fullmatch(each) for each in _ids(document)):
        yield Tolerance("TOL-010")
    if any(each.at is None or not _OFFSET.search(each.raw) for each in moments_of(document)):
        yield Tolerance("TOL-011")
    yield from _mixed(document)


def in_labels(document: MetadataSnapshot, labels: Iterable[str | None]) -> Iterator[Tolerance]:
    """Of a document beside the m-lines that it describes (RFC 7866 §9.1)."""
    there = set(labels)
    if any(stream.label and stream.label not in there for stream in document.streams):
        yield Tolerance("TOL-007")


def _ids(document: MetadataSnapshot) -> Iterator[str]:
    yield from (each.group_id for each in document.groups)
    yield from (each.session_id for each in document.sessions)
    yield from (each.participant_id for each in document.participants)
    yield from (each.stream_id for each in document.streams)


def _mixed(document: MetadataSnapshot) -> Iterator[Tolerance]:
    """One stream with several speakers, by the drafts' word or by who sends it."""
    is_mixed = any(stream.mode == "mixed" for stream in document.streams)
    if is_mixed or any(len(each) > 1 for each in senders(document).values()):
        yield Tolerance("TOL-012")
