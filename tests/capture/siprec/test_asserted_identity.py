"""Calls without metadata: the headers tell who speaks, and who has taken whose place."""

import pytest

from archive.call.events import ParticipantChanged, StreamPartyKnown
from archive.call.legs import changes_in
from capture.sip.build import Header
from capture.sip.message import Request
from capture.sip.parser import split_message
from capture.siprec.asserted_identity import ELSEWHERE, asserted_in
from tests.capture.sdp.offers import HEAD, stream
from tests.capture.siprec.documents import recording
from tests.capture.siprec.stage import (
    CLIENT,
    MIXED,
    NETWORK,
    OFFER,
    SDP,
    SIPREC,
    Stage,
    described,
    request,
)

ENDS = "x-refci=26;x-nearenddevice=SEP1;x-nearendaddr=2001;x-farendrefci=25;x-farendaddr=%s"
ONE = HEAD + stream()


def ended(message: bytes, end: str, far: str = "0355550100") -> bytes:
    """A request with From as CUCM writes it."""
    uri = f"<sip:2001@192.0.2.1;x-{end};{ENDS % far}>"
    return message.replace(b"<sip:src@192.0.2.1>", uri.encode(), 1)


def found(message: bytes, *, network: bool = True) -> list[tuple[int, str, str]]:
    """Place, address and side of each party."""
    asked = split_message(message)
    assert isinstance(asked, Request)
    source = NETWORK if network else CLIENT
    return [(each.position, each.aor, each.side) for each in asserted_in(asked, source)]


def with_headers(*headers: Header) -> bytes:
    return request(b"INVITE", *headers)


def test_each_of_ciscos_one_way_dialogs_brings_one_end() -> None:
    """Both are named in both; whose voice comes is said by the name of the end."""
    agent, customer = "sip:2001@192.0.2.1", "sip:0355550100@192.0.2.1"

    assert found(ended(request(b"INVITE"), "nearend"), network=False) == [
        (0, agent, "agent"), (ELSEWHERE, customer, "customer"),
    ]  # fmt: skip
    assert found(ended(request(b"INVITE"), "farend"), network=False) == [
        (ELSEWHERE, agent, "agent"), (0, customer, "customer"),
    ]  # fmt: skip


def test_a_far_end_without_an_address_is_nobody() -> None:
    """A conference bridge has none; the agent is still the agent."""
    assert found(ended(request(b"INVITE"), "nearend", far="")) == [
        (0, "sip:2001@192.0.2.1", "agent"),
    ]  # fmt: skip


def test_participants_by_media_index_are_those_of_the_m_lines() -> None:
    """CUBE without SIPREC; the rules of the source say which side each is."""
    name = b"X-Cisco-Recording-Participant"
    headers = [
        (name, b'"Desk" <sip:2001@192.0.2.5>;media-index="1"'),
        (name, b'sip:0355550100@192.0.2.6;media-index="0"'),
        (name, b'sip:broken;media-index="x"'),
        (name, b"no address"),
    ]

    assert found(with_headers(*headers), network=False) == [
        (1, "sip:2001@192.0.2.5", ""), (0, "sip:0355550100@192.0.2.6", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "who"),
    [
        ([(b"P-Asserted-Identity", b'"A" <sip:+81355550100@carrier.example>')],
         "sip:+81355550100@carrier.example"),
        ([(b"P-Asserted-Identity", b"<broken")], "sip:src@192.0.2.1"),
        ([], "sip:src@192.0.2.1"),
    ],
)  # fmt: skip
def test_a_plain_call_is_spoken_by_who_calls(headers: list[Header], who: str) -> None:
    """As the network asserts it, else as the client says. In SIPREC that is only the client."""
    assert found(with_headers(*headers)) == [(0, who, "")]
    assert found(with_headers(*headers), network=False) == []


def test_a_party_without_metadata_is_told_with_its_side() -> None:
    """The recording of the near end is the agent's lane, and no guess."""
    stage = Stage(source=NETWORK).peer(ended(request(b"INVITE", SDP, body=ONE), "nearend"))
    (party,) = [each for each in stage.events() if isinstance(each, StreamPartyKnown)]

    assert (party.aor, party.side, party.because) == ("sip:2001@192.0.2.1", "agent", "client_said")


@pytest.mark.parametrize("reloaded", [False, True])
def test_an_update_that_names_another_far_end_is_a_transfer(*, reloaded: bool) -> None:
    """It has no body: that From has changed is all that tells of it."""
    stage = Stage(source=NETWORK, reloaded=reloaded)
    stage.peer(ended(request(b"INVITE", SDP, body=ONE), "nearend")).inside(b"ACK", 1)
    tag = stage.dialog.local_tag
    stage.peer(ended(request(b"UPDATE", cseq=2, to_tag=tag), "nearend", far="4022"))

    told = [each for each in stage.events() if isinstance(each, ParticipantChanged)]
    assert [(each.what, each.aor) for each in told] == [
        ("joined", "sip:2001@192.0.2.1"),
        ("joined", "sip:0355550100@192.0.2.1"),
        ("left", "sip:0355550100@192.0.2.1"),
        ("transferred", "sip:4022@192.0.2.1"),
    ]


def test_metadata_goes_before_headers() -> None:
    """Who is named in both is told once, as the document names him."""
    header = (b"X-Cisco-Recording-Participant", b'sip:9@192.0.2.5;media-index="0"')
    stage = Stage().peer(request(b"INVITE", SIPREC, SDP, header, body=OFFER))
    before = [
        each.aor for each in stage.events() if isinstance(each, StreamPartyKnown) and each.aor
    ]
    stage = Stage().peer(request(b"INVITE", SIPREC, MIXED, header, body=described()))
    after = [each.aor for each in stage.events() if isinstance(each, StreamPartyKnown)]

    assert before == ["sip:9@192.0.2.5"]
    assert "sip:9@192.0.2.5" not in after


@pytest.mark.parametrize(
    ("user", "what"),
    [("9", ["joined", "joined"]), ("8", ["joined", "left", "joined", "joined"])],
)
def test_who_was_told_by_headers_is_recognised_in_metadata_that_comes_later(
    user: str, what: list[str]
) -> None:
    """The same user neither leaves nor joins anew; another one did."""
    header = (b"X-Cisco-Recording-Participant", f'sip:{user}@192.0.2.5;media-index="0"'.encode())
    stage = Stage().peer(request(b"INVITE", SIPREC, SDP, header, body=OFFER)).inside(b"ACK", 1)
    named = "".join(
        f'<participant participant_id="{name}"><nameID aor="sip:{name}@pbx"/></participant>'
        for name in ("9", "2001")
    )
    document = described(metadata=recording(named))
    stage.inside(b"INVITE", 2, SIPREC, MIXED, body=document)

    assert [each.what for each in changes_in(stage.events())] == what
