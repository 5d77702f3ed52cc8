"""Who has the Call-ID and tags of a call (they stand in logs) is not the one who called.

A recording session and its requests from: another tenant, another source of the tenant, one of the
same peer group; before and after a reload.
"""

import dataclasses
from ipaddress import ip_network
from typing import Final

import pytest

from archive.call.events import Flagged, Tolerated
from capture.peers.sources import Source
from capture.sip.build import Header
from capture.sip.flow import Address, Flow
from capture.sip.message import Response
from tests.capture.inline.stage import HERE, Stage, from_caller, sdp

PBX: Final = Source(
    name="pbx",
    tenant=b"t" * 16,
    networks=(ip_network("192.0.2.1/32"), ip_network("192.0.2.2/32")),
    pause_by_header=True,
)
GUEST: Final = Source(name="guest", tenant=b"t" * 16, networks=(ip_network("198.51.100.7/32"),))
STRANGER: Final = dataclasses.replace(GUEST, name="stranger", tenant=b"u" * 16)
THEIRS: Final = Flow(transport="udp", local=HERE, remote=Address("198.51.100.7", 5060))
SECOND: Final = Flow(transport="udp", local=HERE, remote=Address("192.0.2.2", 5060))
OFFER: Final = sdp("192.0.2.1", 4000, "a=label:1")
# Another place for our reports, another codec.
OTHER_MEDIA: Final = sdp("198.51.100.7", 9000, "a=label:1", version=2, formats="8")
HIGHEST: Final = 2**31 - 2
PAUSE: Final = (b"X-Rokuon-Pause", b"on")


def up(source: Source = PBX, *others: Source, reloaded: bool = False) -> Stage:
    """A recording session that is acknowledged."""
    stage = Stage(source=source, reloaded=reloaded).beside(*others)
    headers = [(b"Require", b"siprec")]
    invite = from_caller(b"INVITE", *headers, body=OFFER)
    stage.a(invite.replace(b"<sip:caller@192.0.2.1:5060>", b"<sip:c@192.0.2.1>;+sip.src"))
    return stage.a_inside(b"ACK", 1)


def asks(
    stage: Stage,
    method: bytes,
    *headers: Header,
    cseq: int = 2,
    body: bytes = b"",
    flow: Flow = THEIRS,
) -> str:
    """Somebody asks in that dialog from elsewhere; what he is answered."""
    tag = stage.answer_to_a().to_address.tag
    data = from_caller(method, *headers, cseq=cseq, to_tag=tag, body=body)
    data = data.replace(b"z9hG4bKa", b"z9hG4bKx" + flow.remote.host.encode())
    data = data.replace(b"<sip:caller@192.0.2.1:5060>", b"<sip:x@198.51.100.7>")
    before = len(stage.sent())
    stage.hears(data, flow)
    told = [(to, each) for to, each in stage.sent()[before:] if isinstance(each, Response)]
    return next((f"{to}: {each.status} {each.cseq.method.decode()}" for to, each in told), "")


def kept(stage: Stage) -> tuple[object, object]:
    """What is known of the call: its session, and its dialog."""
    (session,) = stage.node.sessions
    return session, stage.core.known(session.dialog)


ATTACKS: Final = [
    (b"INVITE", (), OTHER_MEDIA), (b"INVITE", (), b""), (b"UPDATE", (), OTHER_MEDIA),
    (b"UPDATE", (), b""), (b"INFO", (PAUSE,), b""), (b"REFER", ((b"Refer-To", b"<sip:1@x>"),), b""),
    (b"OPTIONS", (), b""), (b"BYE", (), b""),
]  # fmt: skip


@pytest.mark.parametrize(("method", "headers", "body"), ATTACKS)
@pytest.mark.parametrize("reloaded", [False, True])
def test_of_another_tenant_there_is_no_such_dialog(
    method: bytes, headers: tuple[Header, ...], body: bytes, *, reloaded: bool
) -> None:
    """481, whatever it asks; nothing of the call has changed, and it is an alarm."""
    stage = up(PBX, STRANGER, reloaded=reloaded)
    before = kept(stage)

    assert asks(stage, method, *headers, cseq=HIGHEST, body=body) == f"x: 481 {method.decode()}"
    assert kept(stage) == before
    if not reloaded:
        assert stage.node.peers.outsiders == {("stranger", "stranger"): 1}
    stage.a_inside(b"UPDATE", 3, body=OFFER).then("a: 200 UPDATE")


@pytest.mark.parametrize(("method", "headers", "body"), ATTACKS[:3] + ATTACKS[5:6])
def test_media_of_another_source_of_the_tenant_are_never_taken(
    method: bytes, headers: tuple[Header, ...], body: bytes
) -> None:
    """After such an UPDATE the export had the stranger's tone alone."""
    stage = up(PBX, GUEST)
    session, dialog = kept(stage)

    assert asks(stage, method, *headers, cseq=HIGHEST, body=body) == f"x: 488 {method.decode()}"
    (after,) = stage.node.sessions
    assert (after.streams, after.ours) == (session.streams, session.ours)  # type: ignore[attr-defined]  # a session
    assert stage.core.known(after.dialog) == dialog
    assert stage.node.peers.outsiders == {("guest", "guest"): 1}
    stage.a_inside(b"INVITE", 3, body=OFFER).then("a: 200 INVITE")


def test_what_else_it_asks_counts_and_is_flagged_with_its_name() -> None:
    """Two halves of a pair may be two sources; that nobody noticed must not end a call badly."""
    stage = up(PBX, GUEST)
    before = kept(stage)[1]

    assert asks(stage, b"INFO", PAUSE) == "x: 200 INFO"
    assert asks(stage, b"UPDATE") == "x: 200 UPDATE"
    assert kept(stage)[1] == before, "our own requests go to who called, by his numbers"
    assert asks(stage, b"BYE", cseq=3) == "x: 200 BYE"
    flags = [(each.flag, each.detail) for each in stage.events(Flagged)]
    assert ("foreign_request", "INFO from guest") in flags
    assert [each.code for each in stage.events(Tolerated)].count("TOL-020") == 1
    assert stage.node.peers.outsiders == {("guest", "guest"): 3}


def test_a_strict_source_has_no_guests() -> None:
    """They are told that there is no such dialog."""
    stage = up(dataclasses.replace(PBX, strict=True), GUEST)
    before = kept(stage)

    for method, headers, body in ATTACKS:
        assert asks(stage, method, *headers, body=body) == f"x: 481 {method.decode()}"
    assert kept(stage) == before


def test_an_answer_in_an_ack_is_its_own_sources_alone() -> None:
    """A re-INVITE without an offer has us offer; whoever acknowledges it first would answer."""
    for other, is_taken in ((STRANGER, False), (GUEST, True)):
        stage = up(PBX, other)
        stage.a_inside(b"INVITE", 2)
        (before,) = stage.node.sessions
        asks(stage, b"ACK", cseq=2, body=OTHER_MEDIA)
        (after,) = stage.node.sessions
        assert (after.streams, bool(stage.core.next_deadline_s())) == (before.streams, True)
        assert after.waits_for_answer is not is_taken


# -- whose it is -----------------------------------------------------------------------------------


@pytest.mark.parametrize("reloaded", [False, True])
def test_a_pair_fails_over_in_mid_call(*, reloaded: bool) -> None:
    """Both addresses of one source, or two sources of one group: it is heard as if it were one."""
    other = dataclasses.replace(GUEST, peer_group="sbc")
    for others, flow in (((), SECOND), ((other,), THEIRS)):
        stage = up(dataclasses.replace(PBX, peer_group="sbc"), *others, reloaded=reloaded)
        assert asks(stage, b"INVITE", body=OTHER_MEDIA, flow=flow).endswith("200 INVITE")
        asks(stage, b"ACK", flow=flow)
        assert asks(stage, b"INFO", PAUSE, cseq=3, flow=flow).endswith("200 INFO")
        assert "foreign_request" not in [each.flag for each in stage.events(Flagged)]
        assert asks(stage, b"BYE", cseq=4, flow=flow).endswith("200 BYE")


def test_a_peer_group_ends_at_the_tenant() -> None:
    """Its name may be anybody's."""
    stage = up(
        dataclasses.replace(PBX, peer_group="sbc"),
        dataclasses.replace(STRANGER, peer_group="sbc"),
    )

    assert asks(stage, b"BYE") == "x: 481 BYE"


@pytest.mark.parametrize(
    "sources",
    [
        (dataclasses.replace(PBX, name="renamed"), GUEST),
        (GUEST,),
        (dataclasses.replace(PBX, networks=(ip_network("203.0.113.1/32"),)), GUEST),
        (dataclasses.replace(PBX, name="renamed", tenant=b"v" * 16), GUEST),
    ],
    ids=["renamed", "gone", "moved", "of another tenant"],
)
def test_a_reload_ends_no_dialog_and_opens_none(sources: tuple[Source, ...]) -> None:
    """All addresses that the source had when the call began are heard, also its second one."""
    stage = up(PBX, GUEST).reloads(*sources)
    assert stage.node.peers.sources.known_as("192.0.2.2")

    assert asks(stage, b"UPDATE", body=OFFER) == "x: 488 UPDATE"
    stage.a_inside(b"UPDATE", 3, body=OFFER).then("a: 200 UPDATE")
    assert asks(stage, b"BYE", cseq=4, flow=SECOND).endswith("200 BYE")
    assert stage.reloads(*sources).node.peers.sources.known_as("192.0.2.200") == ""


def test_another_source_that_takes_the_name_over_takes_no_call_over() -> None:
    """The call is of who was called that when it began."""
    taking = dataclasses.replace(GUEST, name="pbx")
    stage = up(PBX, GUEST).reloads(taking)

    assert asks(stage, b"UPDATE", body=OTHER_MEDIA) == "x: 488 UPDATE"


def test_a_small_network_within_a_large_one_is_not_the_large_ones() -> None:
    """Its addresses are among those of the other, and it is somebody else."""
    large = dataclasses.replace(
        PBX, networks=(ip_network("192.0.2.0/24"), ip_network("198.51.100.0/24"))
    )
    stage = Stage(source=GUEST).beside(large)
    stage.a(from_caller(b"INVITE", (b"Require", b"siprec"), body=OFFER)).a_inside(b"ACK", 1)

    assert asks(stage, b"UPDATE", body=OTHER_MEDIA) == "x: 488 UPDATE"
