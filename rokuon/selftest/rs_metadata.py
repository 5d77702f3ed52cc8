"""The metadata of one self-test call: two participants, a stream each (RFC 7865 §6).

A template of its own, so that the server's reader is not tested against its own writer. Knows
nothing of SIP, and where ids and times come from.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from xml.sax.saxutils import escape, quoteattr

CUSTOMER_LABEL: Final = "1"
AGENT_LABEL: Final = "2"

_DOCUMENT: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<recording xmlns="urn:ietf:params:xml:ns:recording:1">
  <datamode>complete</datamode>
  <session session_id="{session}">
    <start-time>{at}</start-time>
  </session>
{participants}{streams}  <sessionrecordingassoc session_id="{session}">
    <associate-time>{at}</associate-time>
  </sessionrecordingassoc>
{stays}{directions}</recording>
"""
_PARTICIPANT: Final = """\
  <participant participant_id="{id}">
    <nameID aor={aor}>
      <name xml:lang={language}>{name}</name>
    </nameID>
  </participant>
"""
_STREAM: Final = """\
  <stream stream_id="{id}" session_id="{session}">
    <label>{label}</label>
  </stream>
"""
_STAY: Final = """\
  <participantsessionassoc participant_id="{id}" session_id="{session}">
    <associate-time>{at}</associate-time>
  </participantsessionassoc>
"""
_DIRECTIONS: Final = """\
  <participantstreamassoc participant_id="{id}">
    <send>{sends}</send>
    <recv>{hears}</recv>
  </participantstreamassoc>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One of the two who speak; `aor` is a SIP or tel URI, `language` a tag for the name."""

    aor: str
    name: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataIds:
    """Base64 of UUIDs (RFC 7865 §6.10): session, participants and streams, customer first."""

    session: str
    participants: tuple[str, str]
    streams: tuple[str, str]


def _participant(party: Party, participant: str) -> str:
    return _PARTICIPANT.format(
        id=participant,
        aor=quoteattr(party.aor),
        language=quoteattr(party.language),
        name=escape(party.name),
    )


def render_recording(ids: MetadataIds, parties: tuple[Party, Party], at: datetime) -> bytes:
    """The whole document, UTF-8; `parties` are customer and agent, `at` is when the call began."""
    began = at.isoformat(timespec="milliseconds")
    labels = (CUSTOMER_LABEL, AGENT_LABEL)
    customer, agent = ids.streams
    stay = {"session": ids.session, "at": began}
    return _DOCUMENT.format(
        session=ids.session,
        at=began,
        participants="".join(map(_participant, parties, ids.participants)),
        streams="".join(
            _STREAM.format(id=stream, session=ids.session, label=label)
            for stream, label in zip(ids.streams, labels, strict=True)
        ),
        stays="".join(_STAY.format(id=participant, **stay) for participant in ids.participants),
        directions=_DIRECTIONS.format(id=ids.participants[0], sends=customer, hears=agent)
        + _DIRECTIONS.format(id=ids.participants[1], sends=agent, hears=customer),
    ).encode()
