"""Numbers and names in headers, each as what its RFC says it is."""

import pytest

from capture.metadata.header_mentions import told_by_callee, told_by_recorder, told_by_request
from capture.sip.build import Header
from capture.sip.message import Request
from capture.sip.parser import split_message

Told = tuple[str, str, str]


def invite(*headers: Header, to: bytes = b"<sip:0312340000@pbx.example>") -> Request:
    """A call of somebody without a name to 4711."""
    named = dict(headers)
    lines = [
        b"INVITE sip:4711@192.0.2.9 SIP/2.0",
        b"From: " + named.pop(b"From", b"<sip:sbc@192.0.2.1>;tag=a"),
        b"To: " + to,
        *(name + b": " + value for name, value in headers if name != b"From"),
    ]
    message = split_message(b"\r\n".join(lines) + b"\r\n\r\n")
    assert isinstance(message, Request)
    return message


def told(request: Request) -> list[Told]:
    return [(each.told_as, each.address, each.name) for each in told_by_request(request)]


TO = ("dialled", "sip:0312340000@pbx.example", "")
URI = ("dialled", "sip:4711@192.0.2.9", "")
SBC = ("caller", "sip:sbc@192.0.2.1", "")
# fmt: off
CASES: dict[str, tuple[Header, list[Told]]] = {
    "From": (
        (b"From", '"山田, 花子" <sip:+81355501111@carrier.example>;tag=a'.encode()),
        [("caller", "sip:+81355501111@carrier.example", "山田, 花子"), TO, URI],
    ),
    "who is vouched for": (
        (b"P-Asserted-Identity", b'"Taro" <sip:0311112222@c.example>, <tel:+81311112222>'),
        [SBC, ("caller", "sip:0311112222@c.example", "Taro"), ("caller", "tel:+81311112222", ""),
         TO, URI],
    ),
    "who does not want to be shown": (
        (b"Remote-Party-ID", b'"Jiro" <sip:0311113333@c.example>;party=calling;privacy=full'),
        [SBC, ("caller", "sip:0311113333@c.example", ""), TO, URI],
    ),
    "who was called, as a proxy says": (
        (b"Remote-Party-ID", b'"Desk" <sip:2001@c.example>;party=called'),
        [SBC, ("called", "sip:2001@c.example", "Desk"), TO, URI],
    ),
    "two diversions, the first one below": (
        (b"Diversion", b'"A" <sip:2002@p.example>;reason=no-answer, <sip:2001@p.example>'),
        [SBC, TO, URI, ("redirected_by", "sip:2002@p.example", "A"),
         ("redirected_by", "sip:2001@p.example", ""), ("dialled", "sip:2001@p.example", "")],
    ),
    "a history in any order": (
        (b"History-Info", b"<sip:2003@p.example>;index=1.1.1, <sip:2001@p.example>;index=1,"
                          b" <sip:2002@p.example?Reason=SIP%3Bcause%3D302>;index=1.1"),
        [SBC, TO, URI, ("dialled", "sip:2001@p.example", ""),
         ("redirected_by", "sip:2001@p.example", ""), ("redirected_by", "sip:2002@p.example", "")],
    ),
    "who referred": (
        (b"Referred-By", b"<sip:2005@p.example>"),
        [SBC, TO, URI, ("redirected_by", "sip:2005@p.example", "")],
    ),
    "which number of ours": (
        (b"P-Called-Party-ID", b"<sip:2006@p.example>"),
        [SBC, TO, URI, ("dialled", "sip:2006@p.example", "")],
    ),
    "a header of a dial plan": (
        (b"X-Queue-Name", b"Support"), [SBC, TO, URI, ("queue", "", "Support")],
    ),
    "a number in one": ((b"X-Agent", b"2007"), [SBC, TO, URI, ("agent", "2007", "")]),
    "a secret": ((b"X-Auth-Token", b"12345678"), [SBC, TO, URI]),
    "one that nobody reads": ((b"Subject", b"sip:2001@p.example"), [SBC, TO, URI]),
    "an address that is broken": ((b"Diversion", b'"A <sip:2002@p.example'), [SBC, TO, URI]),
    "nobody": ((b"From", b'"Anonymous" <sip:anonymous@anonymous.invalid>;tag=a'), [TO, URI]),
}
# fmt: on


@pytest.mark.parametrize("name", CASES)
def test_each_header_tells_what_its_rfc_says(name: str) -> None:
    """By them staff look for a call whose parties have other numbers."""
    header, expected = CASES[name]

    assert told(invite(header)) == expected


def test_of_a_recording_session_nobody_takes_client_and_recorder_for_parties() -> None:
    """Its To and Request-URI name us, its From the client."""
    request = invite(to=b"<sip:4711@192.0.2.9>")

    assert told_by_recorder(request) == ()


def test_a_number_that_its_from_and_to_have_is_told_and_not_whose() -> None:
    """CUCM writes the phone's into From, others the caller's."""
    request = invite(
        (b"From", b'"Desk 1" <sip:2001@192.0.2.1>;tag=a'), (b"Diversion", b"<tel:117>")
    )
    found = [(each.told_as, each.address, each.name) for each in told_by_recorder(request)]

    assert found == [
        ("other", "sip:2001@192.0.2.1", "Desk 1"),
        TO,
        ("redirected_by", "tel:117", ""),
        ("dialled", "tel:117", ""),
    ]


def test_a_name_in_the_from_of_a_client_stays_without_its_address() -> None:
    """`recorder@` is nobody's number."""
    request = invite((b"From", b'"Claims" <sip:sbc@192.0.2.1>;tag=a'), to=b"<sip:srs@192.0.2.9>")
    found = [(each.told_as, each.address, each.name) for each in told_by_recorder(request)]

    assert found == [("other", "", "Claims")]


def test_who_answers_is_connected() -> None:
    """Whatever was dialled."""
    answer = split_message(
        b'SIP/2.0 200 OK\r\nP-Asserted-Identity: "Desk 9" <sip:2009@p.example>\r\n'
        b"X-Agent-Name: Hanako\r\nTo: <sip:4711@p.example>;tag=b\r\n\r\n"
    )
    found = [(each.told_as, each.address, each.name) for each in told_by_callee(answer)]

    assert found == [("connected", "sip:2009@p.example", "Desk 9"), ("agent", "", "Hanako")]
