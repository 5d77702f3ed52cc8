"""Numbers and names in elements of vendors, by the words of the elements' names."""

import pytest

from archive.call.mentions import MAX_MENTIONS, Mention
from capture.metadata.mentions import mentions_in
from capture.metadata.snapshot_reader import parse_metadata
from capture.metadata.vendor_elements import extensions_of
from tests.capture.siprec.documents import recording

Told = tuple[str, str, str]


def read(inside: str, call: str = "s") -> tuple[Mention, ...]:
    """What a document with this inside an extension of its call tells."""
    body = f'<session session_id="s"><x xmlns="urn:v" xmlns:v="urn:w">{inside}</x></session>'
    return mentions_in(extensions_of(parse_metadata(recording(body)), call))


def told(inside: str) -> list[Told]:
    return [(each.told_as, each.address, each.name) for each in read(inside)]


# fmt: off
CASES = {
    "BroadWorks": (
        "<callType><termCall><callingPartyNumber>+81312345678</callingPartyNumber>"
        "<calledPartyNumber>2001</calledPartyNumber></termCall></callType>",
        [("caller", "+81312345678", ""), ("called", "2001", "")],
    ),
    "an address as a user's id": (
        "<userID>2001@pbx.example</userID>", [("agent", "2001@pbx.example", "")],
    ),
    "a group of agents": (
        "<acd><name>苦情受付</name></acd><huntGroup>Sales 1</huntGroup>",
        [("queue", "", "苦情受付"), ("queue", "", "Sales 1")],
    ),
    "a user's name": ("<userName>山田 花子</userName>", [("agent", "", "山田 花子")]),
    "what was dialled first": (
        "<originalCalledNumber>0120 123-456</originalCalledNumber><DNIS>4711</DNIS>",
        [("dialled", "0120 123-456", ""), ("dialled", "4711", "")],
    ),
    "who redirected": (
        "<v:redirectingNumber>0355501234</v:redirectingNumber>"
        "<transferredFrom>2005</transferredFrom>",
        [("redirected_by", "0355501234", ""), ("redirected_by", "2005", "")],
    ),
    "who answered": (
        '<connectedParty name="Desk 7" number="2007"/>',
        [("connected", "", "Desk 7"), ("connected", "2007", "")],
    ),
    "an address with a name": (
        '<fromHdr>"Taro" &lt;sip:0311112222@carrier.example&gt;</fromHdr>',
        [("caller", "sip:0311112222@carrier.example", "Taro")],
    ),
    "a header of the call by its label": (
        '<header label="X-Called-DID">0312340000</header>'
        '<param name="queue" value="support"/>',
        [("dialled", "0312340000", ""), ("queue", "", "support")],
    ),
    "an address under a name that says nothing": (
        "<uri>sip:2009@pbx.example</uri><thing>2010</thing>",
        [("other", "sip:2009@pbx.example", "")],
    ),
    "a name where its element says so": (
        "<callerName>Hanako</callerName><caller>Hanako</caller>", [("caller", "", "Hanako")],
    ),
    "Oracle's word on a participant": ("<callingParty>true</callingParty>", []),
    "ids, times, secrets": (
        "<agentGuid>12345678</agentGuid><callingTime>20261201</callingTime>"
        "<userPassword>12345</userPassword><agentToken>9912345</agentToken><pin>1234</pin>"
        "<userAgent>Phone 7</userAgent><extTrackingID>152463:1</extTrackingID>"
        '<agentId value="0123456789abcdef0123"/><callerIp>192.0.2.10</callerIp>',
        [],
    ),
    "addresses of networks and dates": (
        '<calling><address>192.0.2.10</address></calling><span from="2026-12-01"/>', [],
    ),
}
# fmt: on


@pytest.mark.parametrize("name", CASES)
def test_an_elements_name_says_what_its_value_is_told_as(name: str) -> None:
    """Staff search by every number and name that a client tells."""
    inside, expected = CASES[name]

    assert told(inside) == expected


def test_where_a_value_stood_is_told_with_it() -> None:
    """A name that says nothing, with what stands around it."""
    assert [each.key for each in read("<acd><name>A</name></acd><ani>2001</ani>")] == [
        "x.acd.name",
        "ani",
    ]


def test_the_same_told_twice_is_told_once() -> None:
    """Vendors repeat themselves under several names."""
    twice = "<callingPartyNumber>2001</callingPartyNumber><callerNumber>2001</callerNumber>"

    assert told(twice) == [("caller", "2001", "")]


def test_no_document_has_more_than_its_share() -> None:
    """Each is a row of the index."""
    assert len(read("".join(f"<ani>{each + 1000}</ani>" for each in range(200)))) == MAX_MENTIONS


def test_what_a_participant_of_another_call_bears_is_not_told_of_this_one() -> None:
    """A document of two calls: each has what its own people and streams bear."""
    extension = '<x xmlns="urn:v"><ani>{}</ani></x>'
    body = (
        '<session session_id="a"/><session session_id="b"/>'
        f'<participant participant_id="p">{extension.format(1001)}</participant>'
        f'<participant participant_id="q">{extension.format(1002)}</participant>'
        f'<stream stream_id="t" session_id="b">{extension.format(1003)}</stream>'
        '<participantsessionassoc participant_id="p" session_id="a"/>'
        '<participantsessionassoc participant_id="q" session_id="b"/>'
    )
    document = parse_metadata(recording(body))
    found = {call: mentions_in(extensions_of(document, call)) for call in "ab"}

    assert {call: [each.address for each in told] for call, told in found.items()} == {
        "a": ["1001"],
        "b": ["1002", "1003"],
    }
