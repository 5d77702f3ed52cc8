"""What a peer may say of a call that no other says: kinds of oddities, and metadata with them.

Knows nothing of how it is sent, nor of what is made of it.
"""

from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from tests.odd_texts import ODD
from tests.scenarios.bodies import AGENT, CUSTOMER

_BEGIN: Final = (
    '<recording xmlns="urn:ietf:params:xml:ns:recording:1"><datamode>complete</datamode>'
)


def raw(text: str) -> bytes:
    """As UTF-8, half of a pair too, which is none."""
    return text.encode("utf-8", "surrogatepass")


def metadata(odd: str, number: str, more: int = 0) -> bytes:
    """Two people, of whom the customer has an odd name and an odd address; and others."""
    customer = escape(odd)
    others = "".join(
        f'<participant participant_id="p{at}"><nameID aor="sip:{at}@pbx.example"/></participant>'
        for at in range(more)
    )
    people = (
        f'<participant participant_id="c"><nameID aor="sip:{number}@carrier.example">'
        f"<name>{customer}</name></nameID></participant>"
        f'<participant participant_id="a"><nameID aor={quoteattr("sip:" + odd)}/></participant>'
    )
    streams = "".join(
        f'<stream stream_id="{who}s" session_id="s"><label>{label}</label></stream>'
        f'<participantsessionassoc participant_id="{who}" session_id="s">'
        "<associate-time>2026-11-25T00:00:00Z</associate-time></participantsessionassoc>"
        f'<participantstreamassoc participant_id="{who}"><send>{who}s</send>'
        "</participantstreamassoc>"
        for who, label in (("c", CUSTOMER), ("a", AGENT))
    )
    return raw(f'{_BEGIN}<session session_id="s"/>{people}{others}{streams}</recording>')


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddity:
    """What is odd of a call: its kind, the text, an odd Call-ID, so many further participants."""

    kind: str
    text: str
    call_id: str = ""
    more: int = 0


ODDITIES: Final = (
    *(Oddity(kind=kind, text=text) for kind, text in ODD.items()),
    Oddity(kind="a long Call-ID", text="plain", call_id="c" * 6_000),
    Oddity(kind="an odd Call-ID", text="plain", call_id="a%00b'\"<>[]{}~*@x"),
    Oddity(kind="10,000 participants", text="plain", more=10_000),
)
