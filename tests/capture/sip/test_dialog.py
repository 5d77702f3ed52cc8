"""Dialogs: how they arise, what they remember, and where their requests go."""

from dataclasses import replace

import msgspec
import pytest

from capture.sip.agent import NO_DOORKEEPER
from capture.sip.build import Header
from capture.sip.dialog import DialogState, accept_dialog, confirm, contact_value, via_value
from capture.sip.events import SendMessage
from capture.sip.flow import Address, Flow
from tests.capture.sip.calls_out import OutScene
from tests.capture.sip.scenes import PEER, TCP, UDP, Scene, in_dialog, peer_request
from tests.support.sip_dialog import dialog, parsed


def test_a_dialog_takes_its_state_from_the_invite() -> None:
    """RFC 3261 §12.1.1."""
    made = dialog(b"<sip:192.0.2.5;lr>, <sip:192.0.2.6;lr>")

    assert made.state is DialogState.EARLY
    assert made.local_address == b"<sip:srs@192.0.2.9>;tag=us"
    assert made.remote_address == b"<sip:src@192.0.2.1>;tag=peer"
    assert made.remote_target == b"sip:src@192.0.2.1:5060"
    assert made.routes == (b"<sip:192.0.2.5;lr>", b"<sip:192.0.2.6;lr>")
    assert (made.remote_seq, made.local_seq) == (5, 0)
    assert confirm(made).state is DialogState.CONFIRMED


def test_without_a_contact_from_is_the_target() -> None:
    """RFC 2543 peers send none (RFC 4475 §3.4.1)."""
    invite = peer_request(b"INVITE").replace(b"Contact: <sip:src@192.0.2.1:5060>\r\n", b"")
    assert accept_dialog(parsed(invite), UDP, b"us", b"c").remote_target == b"sip:src@192.0.2.1"


def test_who_had_to_prove_a_name_has_to_do_so_for_the_whole_dialog() -> None:
    """RFC 5922 section 7.3: also where the peer's last request came by a connection of its own."""
    made = msgspec.structs.replace(dialog(), flow=msgspec.structs.replace(TCP, name="sbc.example"))
    came = msgspec.structs.replace(TCP, connection=8)
    later = made.receive(parsed(peer_request(b"INVITE", cseq=6)), came)

    assert (later.flow.name, later.flow.connection) == ("sbc.example", 8)
    assert later.sending_flow.name == "sbc.example"


@pytest.mark.parametrize(("cseq", "late"), [(4, True), (5, False), (6, False)])
def test_only_a_lower_cseq_is_out_of_order(cseq: int, late: object) -> None:
    """RFC 3261 §12.2.2; an equal one is tolerated, scripted peers never count."""
    assert dialog().is_out_of_order(parsed(peer_request(b"BYE", cseq=cseq))) is late


@pytest.mark.parametrize(
    ("via", "contact", "headers", "where"),
    [
        (b"192.168.7.7;rport", b"192.168.7.7", (), PEER),
        (b"192.168.7.7;rport", b"192.168.7.8", (), Address("192.168.7.8", 5060)),
        (b"192.168.7.7", b"192.168.7.7", (), Address("192.168.7.7", 5060)),
        (b"192.0.2.1;rport", b"192.0.2.1:5070", (), Address("192.0.2.1", 5070)),
        (b"192.168.7.7;rport", b"192.168.7.7", ((b"Record-Route", b"<sip:192.0.2.5;lr>"),),
         Address("192.0.2.5", 5060)),
        (b"peer.example;rport", b"peer.example", (), PEER),
    ],
)  # fmt: skip
def test_a_peer_behind_address_translation_is_reached_by_the_way_it_came(
    via: bytes, contact: bytes, headers: tuple[Header, ...], where: Address
) -> None:
    """Its Contact is of a network that we cannot reach; a proxy's or another host's is not."""
    data = peer_request(b"INVITE", headers=headers)
    data = data.replace(b"UDP 192.0.2.1", b"UDP " + via).replace(b"192.0.2.1:5060>", contact + b">")

    made = accept_dialog(parsed(data), UDP, b"ours", b"<sip:srs@192.0.2.9>")
    assert made.sending_flow.remote == where


def behind_nat(scene: Scene) -> Scene:
    """From now on whoever calls is behind an address translator, as is configured."""
    door = replace(NO_DOORKEEPER, is_behind_nat=lambda _flow: True)
    scene.core.use_door(door)
    return scene


PRIVATE = (b"192.0.2.1:5060>", b"10.255.255.1:5070>")


@pytest.mark.parametrize("flow", [UDP, TCP])
def test_a_source_behind_address_translation_is_reached_by_the_way_it_came(flow: Flow) -> None:
    """Also where its Via was put right on the way (ALG) and its Contact was not."""
    scene = behind_nat(Scene(reloaded=False, flow=flow))
    scene.peer(peer_request(b"INVITE").replace(*PRIVATE)).answer(200)
    moved = msgspec.structs.replace(flow, remote=Address("192.0.2.1", 41_000), connection=9)
    scene.peer(in_dialog(scene, b"ACK", 1).replace(*PRIVATE), moved).ask(b"BYE").then("BYE")

    (sent,) = [each for each in scene.outputs if isinstance(each, SendMessage)]
    assert (sent.flow.remote, sent.flow.connection) == (moved.remote, 9)
    assert sent.data.startswith(b"BYE sip:src@10.255.255.1:5070 ")


def test_behind_a_proxy_a_source_is_reached_by_the_proxy() -> None:
    """As Asterisk's `rewrite_contact` leaves it: the route set leads."""
    scene, routes = behind_nat(Scene(reloaded=False)), ((b"Record-Route", b"<sip:192.0.2.5;lr>"),)
    scene.peer(peer_request(b"INVITE", headers=routes).replace(*PRIVATE)).answer(200)
    scene.peer(in_dialog(scene, b"ACK", 1)).ask(b"BYE")

    (sent,) = [each for each in scene.outputs if isinstance(each, SendMessage)]
    assert sent.flow.remote == Address("192.0.2.5", 5060)


def test_a_target_behind_address_translation_is_reached_where_it_was_called() -> None:
    """ACK, UPDATE and BYE; without the setting they go to its Contact."""
    for is_translated, where in ((True, PEER), (False, Address("192.0.2.77", 5070))):
        out = OutScene(reloaded=False)
        out.call(flow=msgspec.structs.replace(UDP, is_translated=is_translated))
        out.phone(b"b", 200).then("ACK", "ResponseReceived")
        assert out.sent_by().remote == where
        assert out.tell(b"b", b"BYE").sent_by().remote == where


def test_loose_routes_stand_in_route_and_the_target_in_the_request_uri() -> None:
    """RFC 3261 §12.2.1.1."""
    made = dialog(b"<sip:192.0.2.5:5080;lr>", b"<sip:192.0.2.6;lr>")
    sent = made.build(b"BYE", b"z9hG4bKx", (), b"", 1)

    assert sent.startswith(b"BYE sip:src@192.0.2.1:5060 SIP/2.0\r\n")
    assert b"\r\nRoute: <sip:192.0.2.5:5080;lr>, <sip:192.0.2.6;lr>\r\n" in sent
    assert made.sending_flow.remote == Address("192.0.2.5", 5080)


def test_a_strict_route_takes_the_request_uri_and_the_target_goes_last() -> None:
    """RFC 3261 §12.2.1.1, a router of RFC 2543."""
    sent = dialog(b"<sip:192.0.2.5>", b"<sip:192.0.2.6;lr>").build(b"BYE", b"z9hG4bKx", (), b"", 1)

    assert sent.startswith(b"BYE sip:192.0.2.5 SIP/2.0\r\n")
    assert b"\r\nRoute: <sip:192.0.2.6;lr>, <sip:src@192.0.2.1:5060>\r\n" in sent


@pytest.mark.parametrize(
    ("method", "told"), [(b"INVITE", True), (b"UPDATE", True), (b"BYE", False), (b"ACK", False)]
)
def test_only_what_refreshes_a_target_carries_our_contact(method: bytes, told: object) -> None:
    """RFC 3261 §20, table 2."""
    sent = dialog().build(method, b"z9hG4bKx", (), b"", 1)
    assert (b"\r\nContact: <sip:n1@192.0.2.9:5060>;+sip.srs\r\n" in sent) is told


def test_a_target_is_refreshed_from_contact_only() -> None:
    """RFC 3261 §12.2.2."""
    moved = parsed(peer_request(b"UPDATE").replace(b"src@192.0.2.1:5060", b"new@192.0.2.8"))
    assert dialog().refresh_target(moved).remote_target == b"sip:new@192.0.2.8"

    silent = parsed(peer_request(b"UPDATE").replace(b"Contact", b"X-Contact"))
    assert dialog().refresh_target(silent) == dialog()


def test_our_contact_names_the_node_and_the_transport() -> None:
    """In-dialog requests must find the node that holds the dialog."""
    six = Flow(transport="udp", local=Address("2001:db8::1", 5060), remote=UDP.remote)

    assert contact_value(TCP, b"n1", b"") == b"<sip:n1@192.0.2.9:5060;transport=tcp>"
    assert contact_value(six, b"n1", b";x") == b"<sip:n1@[2001:db8::1]:5060>;x"


def test_our_via_asks_for_rport_on_udp() -> None:
    """RFC 3581 §3."""
    assert via_value(UDP, b"z9hG4bKx") == b"SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKx;rport"
    assert via_value(TCP, b"z9hG4bKx") == b"SIP/2.0/TCP 192.0.2.9:5060;branch=z9hG4bKx"
