"""Who is in a call that is turned away: what its headers and its metadata tell of people.

Rules over one request. Knows nothing of why it is turned away.
"""

from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo

from archive.call.mentions import MAX_ADDRESS_CHARS, MAX_NAME_CHARS, Mention, ToldAs
from capture.errors import PeerBrokeProtocol
from capture.metadata.body_limits import MetadataBroken
from capture.metadata.call_roles import CallRoles, read_call_roles
from capture.metadata.header_mentions import told_by_recorder, told_by_request
from capture.metadata.mentions import distinct, mentions_in
from capture.metadata.message_bodies import Bodies, bodies_of
from capture.metadata.snapshot import MetadataSnapshot
from capture.metadata.snapshot_reader import parse_metadata
from capture.metadata.vendor_elements import extensions_of
from capture.peers.sources import Source
from capture.raw_text import text_of
from capture.sip.message import Request

# Each is a row of the index or two, and there may be as many calls as a flood has.
MAX_OF_REFUSED: Final = 16
_OPTION: Final = b"siprec"
_TWO: Final = 2


def in_headers(request: Request, source: Source) -> tuple[Mention, ...]:
    return distinct(_of_headers(request, source, _bodies(request)))[:MAX_OF_REFUSED]


def in_all(request: Request, source: Source) -> tuple[Mention, ...]:
    """What its metadata tells too, participants first."""
    bodies = _bodies(request)
    found = (*_of_document(request, source, bodies), *_of_headers(request, source, bodies))
    return distinct(found)[:MAX_OF_REFUSED]


def _bodies(request: Request) -> Bodies:
    try:
        return bodies_of(request)
    except PeerBrokeProtocol:
        return Bodies()


def _of_headers(request: Request, source: Source, bodies: Bodies) -> tuple[Mention, ...]:
    is_copy = source.mode == "network-based" or bodies.metadata or _OPTION in request.require
    return told_by_recorder(request) if is_copy else told_by_request(request)


def _of_document(request: Request, source: Source, bodies: Bodies) -> tuple[Mention, ...]:
    if bodies.metadata is None:
        return ()
    try:
        document = parse_metadata(bodies.metadata, zone=ZoneInfo(source.zone))
    except MetadataBroken:
        return ()
    call = document.sessions[0].session_id if document.sessions else ""
    roles = read_call_roles(
        document,
        call,
        [each.participant_id for each in document.participants],
        country=source.country,
        user_agent=text_of(request.value(b"user-agent") or b""),
    )
    return (*_people(document, roles), *mentions_in(extensions_of(document, call)))


def _people(document: MetadataSnapshot, roles: CallRoles) -> Iterator[Mention]:
    for person in document.participants:
        told_as = role_of(person.participant_id, roles, len(document.participants))
        for each in person.name_ids:
            yield mention_of_party(each.aor, each.names[0].text if each.names else "", told_as)


def role_of(participant: str, roles: CallRoles, people: int) -> ToldAs:
    """As what a participant is told; of two the one who has not called was called."""
    if not roles.caller:
        return "other"
    if participant == roles.caller:
        return "caller"
    return "called" if people == _TWO else "other"


def mention_of_party(aor: str, name: str, told_as: ToldAs) -> Mention:
    """A participant's address, with a name of it."""
    return Mention(
        told_as=told_as,
        address=aor[:MAX_ADDRESS_CHARS],
        name=name[:MAX_NAME_CHARS],
        key="participant",
    )
