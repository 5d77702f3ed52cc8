"""What a recording client of ours says: people, offers and metadata as messages.

Written after RFC 7865 and RFC 7866 alone. Knows nothing of sockets or of what is made of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal
from xml.sax.saxutils import escape, quoteattr

from tests.vendors.script import Message

BOUNDARY: Final = "between-parts"
_OUR_PORT: Final = 6_994
_HEADERS: Final = (
    "Via: SIP/2.0/{transport} {src};branch={branch};rport",
    "From: <sip:client@{src}>;tag={tag}",
    "To: <sip:recorder@{srs}>{to_tag}",
    "Call-ID: {call_id}",
    "CSeq: {cseq} %s",
    "Max-Forwards: 70",
    "Require: siprec",
    "Contact: <sip:client@{src};transport={lower_transport}>;+sip.src",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One who speaks by a tone of its own. `aor` and `name` are as the client writes them in XML.

    `number` and `names` are those by which it is to be found, "" and () where it has none.
    """

    id: str
    hertz: int
    number: str = ""
    aor: str = ""
    name: str = ""
    names: tuple[str, ...] = ()
    side: Literal["customer", "agent", ""] = ""


@dataclass(frozen=True, slots=True)
class Line:
    """An m-line of an offer."""

    label: str
    direction: str = "sendonly"
    is_there: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A metadata document: who is in it with the streams on which each speaks, and what each
    stream's label is.

    `session` is that of all, unless one is in `sessions`; each may be of a group. `lacks` are the
    associations that the client does not write ("stays", "streams"). `since` are the seconds of the
    call at which people came, by id; who has `left` did so at `at_s`.
    """

    people: Sequence[tuple[Person, str]]
    labels: dict[str, str] = field(default_factory=dict)
    left: Sequence[Person] = ()
    mode: Literal["complete", "partial"] = "complete"
    session: str = "{own}"
    sip_session: str = ""
    sessions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    lacks: frozenset[str] = frozenset()
    since: dict[str, int] = field(default_factory=dict)
    at_s: int = 0


def document(said: Said) -> str:
    """The metadata as XML; a time is a place for the second of the call that it means."""
    sessions = said.sessions or {said.session: tuple(who.id for who, _ in said.people)}
    parts = [f"<group group_id={quoteattr(each)}/>" for each in dict.fromkeys(said.groups.values())]
    if said.mode == "complete" or said.sessions:
        parts += [_session(each, said) for each in sessions]
    home = {who: own for own, members in sessions.items() for who in members}
    for who, streams in said.people:
        own = home.get(who.id, said.session)
        parts += [_participant(who)]
        parts += [_stay(who, own, said.since.get(who.id, 0))] if "stays" not in said.lacks else []
        parts += _streams(who, streams.split(), own, said)
    parts += [
        _stay(each, home.get(each.id, said.session), said.since.get(each.id, 0), until=said.at_s)
        for each in said.left
    ]
    body = "\r\n".join(parts)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\r\n'
        '<recording xmlns="urn:ietf:params:xml:ns:recording:1">'
        f"<datamode>{said.mode}</datamode>\r\n{body}\r\n</recording>\r\n"
    )


def _session(own: str, said: Said) -> str:
    group = said.groups.get(own, "")
    inner = f"<sipSessionID>{said.sip_session}</sipSessionID>" if said.sip_session else ""
    inner += f"<group-ref>{escape(group)}</group-ref>" if group else ""
    return f"<session session_id={quoteattr(own)}>{inner}</session>"


def _participant(who: Person) -> str:
    name = f"<name>{who.name}</name>" if who.name else ""
    aor = f' aor="{who.aor}"' if who.aor else ""
    return f'<participant participant_id="{who.id}"><nameID{aor}>{name}</nameID></participant>'


def _stay(who: Person, session: str, since: int, *, until: int = 0) -> str:
    times = f"<associate-time>{{at:{since}}}</associate-time>"
    if until:
        times += f"<disassociate-time>{{at:{until}}}</disassociate-time>"
    return (
        f'<participantsessionassoc participant_id="{who.id}" session_id={quoteattr(session)}>'
        f"{times}</participantsessionassoc>"
    )


def _streams(who: Person, streams: Iterable[str], session: str, said: Said) -> Iterable[str]:
    for each in streams:
        if each in said.labels:
            yield (
                f'<stream stream_id="{each}" session_id={quoteattr(session)}>'
                f"<label>{said.labels[each]}</label></stream>"
            )
    if "streams" not in said.lacks:
        sends = "".join(f"<send>{each}</send>" for each in streams)
        yield (
            f'<participantstreamassoc participant_id="{who.id}">{sends}</participantstreamassoc>'
        )


def description(lines: Sequence[Line], direction: str = "") -> str:
    """An SDP of these m-lines, PCMU alone."""
    head = ["v=0", "o=src 1 1 IN IP4 127.0.0.2", "s=-", "c=IN IP4 127.0.0.2", "t=0 0"]
    for place, line in enumerate(lines):
        port = _OUR_PORT + 2 * place if line.is_there else 0
        head += [f"m=audio {port} RTP/AVP 0", "a=rtpmap:0 PCMU/8000"]
        head += [f"a=label:{line.label}"] if line.label else []
        head += [f"a={direction or line.direction}"]
    return "".join(f"{each}\r\n" for each in head)


def message(
    method: str, *, sdp: str = "", metadata: str = "", headers: Sequence[str] = ()
) -> Message:
    """A request with the bodies that there are; within a dialog as soon as there is one."""
    kind, body = _body(sdp, metadata)
    lines = (
        *(each.replace("%s", method) for each in _HEADERS),
        *headers,
        *([f"Content-Type: {kind}"] if body else ()),
        "Content-Length: {length}",
    )
    return Message(method, f"{method} {{target}} SIP/2.0", lines, body)


def _body(sdp: str, metadata: str) -> tuple[str, str]:
    if not metadata:
        return "application/sdp", sdp
    if not sdp:
        return "application/rs-metadata+xml", metadata
    pieces = (("application/sdp", sdp), ("application/rs-metadata+xml", metadata))
    body = "".join(
        f"--{BOUNDARY}\r\nContent-Type: {kind}\r\n\r\n{text}\r\n" for kind, text in pieces
    )
    return f"multipart/mixed;boundary={BOUNDARY}", f"{body}--{BOUNDARY}--\r\n"
